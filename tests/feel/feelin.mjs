// Evaluates [{text, context}] from standard input with feelin (argument 1: its folder) and writes [{value} | {error}].
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const { evaluate } = await import(pathToFileURL(`${process.argv[2]}/dist/index.js`));

function plain(value) {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object') return typeof value === 'number' && !Number.isFinite(value) ? null : value;
  if (value.isLuxonDateTime) return { temporal: value.toISO() };
  if (value.isLuxonDuration) return { months: value.years * 12 + value.months, seconds: value.set({ years: 0, months: 0 }).toMillis() / 1000 };
  if (value.constructor !== Object) return { other: value.constructor.name };
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

function answer({ text, context }) {
  try {
    const result = evaluate(text, context);
    return { value: plain(result && typeof result === 'object' && 'warnings' in result ? result.value : result) };
  } catch (error) {
    return { error: String(error) };
  }
}

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, 'utf8')).map(answer)));
