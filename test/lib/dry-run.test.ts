import { only, synthesized } from './templates';

const variables = (context: Record<string, string>) =>
  (
    only(synthesized(context), 'AWS::Lambda::Function', { Runtime: 'nodejs24.x' }).Environment as {
      Variables: Record<string, string>;
    }
  ).Variables;

test('a dry run is told to the function, which may then not create invalidations', () => {
  expect(variables({ dryRun: 'true' })).toMatchObject({ DRY_RUN: 'on' });
  expect(JSON.stringify(synthesized({ dryRun: 'true' }))).not.toContain('cloudfront:CreateInvalidation');
});

test('without, it is in earnest', () => {
  expect(variables({})).not.toHaveProperty('DRY_RUN');
  expect(JSON.stringify(synthesized({ dryRun: 'false' }))).toContain('cloudfront:CreateInvalidation');
});
