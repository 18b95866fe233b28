import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { documentOf, type OpenApiDocument, type Operation, operationsIn } from '../rest/operations.js';
import type { SeenAnswer } from '../rest/record-answers.js';
import { openRestGateway, type RestGateway } from '../rest/rest-gateway.js';

const folder = process.env.SALLYPORT_TEST_ANSWERS ?? '';

let gateway: RestGateway;
let document: OpenApiDocument;
let operations: Operation[];
let answers: readonly { readonly answer: SeenAnswer; readonly operation: Operation | undefined }[];

beforeAll(async () => {
  gateway = await openRestGateway();
  document = await documentOf(gateway);
  operations = operationsIn(document);
  answers = seenAnswers().map((answer) => ({ answer, operation: operationOf(answer) }));
});
afterAll(() => gateway.close());

/** What all tests of this run were answered. */
function seenAnswers(): SeenAnswer[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) =>
    readFileSync(join(folder, name), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as SeenAnswer),
  );
}

/** Literal paths come before those with a parameter in the same place. */
function operationOf({ method, path }: SeenAnswer): Operation | undefined {
  const fits = operations.filter((one) => one.method === method && pattern(one.path).test(path));
  return fits.toSorted((a, b) => a.path.split('{').length - b.path.split('{').length)[0];
}

function pattern(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&').replaceAll(/\{[^}]+\}/g, '[^/]+')}$`);
}

it('was recorded in this run: it comes after the tests of every other project', () => {
  expect(answers.length).toBeGreaterThan(100);
});

it('each status that the document names was answered to a test', () => {
  const shown = new Set(
    answers.map(({ answer, operation }) => `${answer.method} ${operation?.path} ${answer.status}`),
  );
  const missing = operations.flatMap(({ method, path, statuses }) =>
    statuses.map((status) => `${method} ${path} ${status}`).filter((name) => !shown.has(name)),
  );
  expect(missing).toEqual([]);
});

it('no operation answered with a status that the document does not name', () => {
  const undocumented = answers.flatMap(({ answer, operation }) => {
    const mayAlways = [405, 500, 503];
    if (operation === undefined || mayAlways.includes(answer.status)) return [];
    return operation.statuses.includes(answer.status)
      ? []
      : [`${answer.method} ${operation.path} ${answer.status}`];
  });
  expect([...new Set(undocumented)]).toEqual([]);
});

it('each JSON answer is what the document says of it', () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: 'https://gateway/', components: document.components });
  const wrong = answers.flatMap(({ answer, operation }) => {
    const content = operation?.responses[answer.status]?.content?.[answer.type.split(';')[0] ?? ''];
    if (content === undefined || answer.body === undefined) return [];
    const schema = JSON.parse(JSON.stringify(content.schema).replaceAll('"#/', '"https://gateway/#/'));
    if (ajv.validate(schema, JSON.parse(answer.body))) return [];
    return [`${answer.method} ${answer.path} ${answer.status}: ${ajv.errorsText()}`];
  });
  expect([...new Set(wrong)]).toEqual([]);
});
