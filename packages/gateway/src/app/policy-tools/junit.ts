import type { GoldenResult } from './judge-golden.js';

/** A file of golden cases with what became of them, or why it could not be run. */
export interface JudgedFile {
  readonly file: string;
  readonly results: readonly GoldenResult[];
  /** What stood in the way of running the file, a sentence each. */
  readonly faults: readonly string[];
}

/** The results as JUnit XML, a suite for each file; a file that could not be run is one error. */
export function junitReport(files: readonly JudgedFile[]): string {
  const sum = (of: (file: JudgedFile) => number) => files.reduce((total, file) => total + of(file), 0);
  const counts = `tests="${sum(testsIn)}" failures="${sum(failuresIn)}" errors="${sum(errorsIn)}"`;
  const suites = files.map(suite).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="sallyport policy test" ${counts}>\n${suites}</testsuites>\n`;
}

function testsIn({ results, faults }: JudgedFile): number {
  return results.length + (faults.length > 0 ? 1 : 0);
}

function failuresIn({ results }: JudgedFile): number {
  return results.filter(({ problems }) => problems.length > 0).length;
}

function errorsIn({ faults }: JudgedFile): number {
  return faults.length > 0 ? 1 : 0;
}

function suite(judged: JudgedFile): string {
  const { file, results, faults } = judged;
  const counts = `tests="${testsIn(judged)}" failures="${failuresIn(judged)}" errors="${errorsIn(judged)}"`;
  const broken =
    faults.length === 0
      ? ''
      : `    <testcase name="the file can be run" classname="${escaped(file)}">\n      <error message="${escaped(faults[0] ?? '')}">${escaped(faults.join('\n'))}</error>\n    </testcase>\n`;
  const cases = results.map((result) => testcase(result)).join('');
  return `  <testsuite name="${escaped(file)}" ${counts}>\n${broken}${cases}  </testsuite>\n`;
}

function testcase({ title, file, line, problems, trace }: GoldenResult): string {
  const place = line === undefined ? '' : ` line="${line}"`;
  const open = `    <testcase name="${escaped(title)}" classname="${escaped(file)}" file="${escaped(file)}"${place}`;
  if (problems.length === 0) return `${open}/>\n`;
  const text = escaped([...problems, ...trace].join('\n'));
  return `${open}>\n      <failure message="${escaped(problems[0] ?? '')}">${text}</failure>\n    </testcase>\n`;
}

/** XML 1.0 knows no other control characters than tab and line breaks, not even as references. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
