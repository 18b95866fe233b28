import { expect, test } from 'vitest';
import type { Pin } from '../store/pin.js';
import { choosePins, isOpen } from './choose-pins.js';

const pin = (upstream: string, name: string, more: Partial<Pin> = {}): Pin => ({
  upstream,
  kind: 'tool',
  name,
  offered: 'sha256:a',
  present: true,
  firstSeen: 1,
  lastSeen: 1,
  ...more,
});
const pins = [pin('files', 'read_file'), pin('files', 'ask', { kind: 'prompt' }), pin('mail', 'send')];
const chosen = (choice: Parameters<typeof choosePins>[2]) =>
  choosePins(pins, ['files', 'mail', 'idle'], choice).map(({ name }) => name);

test('chooses all pins, those of an upstream, of a kind, or one by its name', () => {
  expect(chosen({})).toEqual(['read_file', 'ask', 'send']);
  expect(chosen({ upstream: 'files' })).toEqual(['read_file', 'ask']);
  expect(chosen({ upstream: 'files', kind: 'prompt' })).toEqual(['ask']);
  expect(chosen({ upstream: 'files', name: 'ask' })).toEqual(['ask']);
});

test('knows a configured upstream of which no gateway has seen anything', () => {
  expect(chosen({ upstream: 'idle' })).toEqual([]);
});

test('takes an id that was made of a command line without what tells its servers apart', () => {
  const guessed = [pin('server@1f0c9a3e', 'read'), pin('server@2b7d6610', 'read'), pin('servers', 'read')];
  const names = choosePins(guessed, [], { upstream: 'server', name: 'read' }).map(({ upstream }) => upstream);
  expect(names).toEqual(['server@1f0c9a3e', 'server@2b7d6610']);
});

test('names what there is for an upstream or a tool that is not known, and the nearest', () => {
  expect(() => chosen({ upstream: 'flies' })).toThrow(
    'UPSTREAM: found "flies"; expected files, mail, idle; did you mean "files"?',
  );
  expect(() => chosen({ upstream: 'files', name: 'read_fil' })).toThrow(
    'TOOL: found "read_fil"; expected read_file, ask; did you mean "read_file"?',
  );
  expect(() => chosen({ upstream: 'idle', name: 'x' })).toThrow(
    'TOOL: found "x"; expected one that a gateway has seen, and it has seen none',
  );
});

test('a pin is open while somebody has to decide', () => {
  const by = { digest: 'sha256:a', by: 'cli', at: 1 };
  expect(isOpen(pin('a', 'x'))).toBe(true);
  expect(isOpen(pin('a', 'x', { accepted: by }))).toBe(false);
  expect(isOpen(pin('a', 'x', { accepted: { ...by, digest: 'sha256:b' } }))).toBe(true);
  expect(isOpen(pin('a', 'x', { rejected: by }))).toBe(false);
  expect(isOpen(pin('a', 'x', { present: false }))).toBe(false);
});
