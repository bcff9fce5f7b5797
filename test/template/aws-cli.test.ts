import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inlineCode } from '../../scripts/template/inline-code';
import { makeTemplate } from '../../scripts/template/template';
import { shellWith, tellOfSkipped, testWith } from '../local/aws-cli';

const NEED = 'the AWS CLI 1.30 or 2.14, or a newer one';
tellOfSkipped(NEED, 'how large the AWS CLI makes a nested template');

/** What S3 was given, in bytes. */
const uploads: number[] = [];
let s3: Server;

beforeAll(async () => {
  s3 = createServer((request, response) => {
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    request.on('end', () => {
      if (request.method === 'PUT') uploads.push(bytes);
      response.writeHead(request.method === 'HEAD' ? 404 : 200, { ETag: '"e"' }).end();
    });
  });
  await new Promise<void>((resolve) => s3.listen(0, '127.0.0.1', resolve));
});

afterAll(() => new Promise((resolve) => s3.close(resolve)));

testWith(NEED)(
  'nested in another template, it is still one that CloudFormation takes, as YAML of the AWS CLI',
  async () => {
    const url = `http://127.0.0.1:${(s3.address() as AddressInfo).port}`;
    const folder = mkdtempSync(join(tmpdir(), 'nested-'));
    writeFileSync(join(folder, 'nested.json'), JSON.stringify(makeTemplate(inlineCode())));
    const Properties = { TemplateURL: 'nested.json' };
    const parent = { Resources: { Invalidator: { Type: 'AWS::CloudFormation::Stack', Properties } } };
    writeFileSync(join(folder, 'parent.json'), JSON.stringify(parent));
    const shell = shellWith({ cloudformation: url });
    await shell(
      `AWS_ENDPOINT_URL_S3=${url} aws cloudformation package --template-file parent.json --s3-bucket template-bucket --output-template-file out.yaml`,
      folder,
    );
    expect(readFileSync(join(folder, 'out.yaml'), 'utf8')).toContain('template-bucket');
    expect(uploads).toHaveLength(1);
    expect(uploads[0]).toBeGreaterThan(500_000);
    expect(uploads[0]).toBeLessThan(1_000_000);
  },
);
