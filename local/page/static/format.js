const numbers = new Intl.NumberFormat('en');

/** `20,000` */
export function number(value) {
  return numbers.format(value);
}

/** `1 path`, `2 paths` */
export function count(value, noun) {
  const plural = noun.endsWith('ch') ? `${noun}es` : `${noun}s`;
  return `${number(value)} ${value === 1 ? noun : plural}`;
}

/** `2 paths`, `7 paths, 4 of them wildcards`, `1 wildcard` */
export function pathsAndWildcards(paths, wildcards) {
  if (wildcards > 0 && wildcards === paths) return count(wildcards, 'wildcard');
  return wildcards > 0
    ? `${count(paths, 'path')}, ${number(wildcards)} of them ${wildcards === 1 ? 'a wildcard' : 'wildcards'}`
    : count(paths, 'path');
}

/** `14:03:59` */
export function clock(at) {
  const date = new Date(at);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((each) => String(each).padStart(2, '0')).join(':');
}

/** `21.3 s` */
export function seconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

/** `$0.02`; what is less than a cent has a third place. */
export function dollars(value) {
  return `$${value.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: value < 1 ? 3 : 2 })}`;
}
