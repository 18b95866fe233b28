import type { CaseRun } from './case-run.js';
import { describe, type Judge, resultText } from './judge.js';
import { finalMessagesOf, messageOf } from './raw-http.js';
import { fixtureTools } from './upstreams/http-upstream.js';

interface Listed {
  readonly saved: string;
  readonly tool: string;
}

interface ListedTool {
  readonly name: string;
  readonly description?: string;
}

/** Expectations about what the gateway replied, and how fast. */
export const replyJudges: Readonly<Record<string, Judge>> = {
  listed_tools_lack(run, { saved, tool }: Listed) {
    return listedAs(run, saved, tool) === undefined ? undefined : `${tool} is listed`;
  },

  listed_tools_equal(run, { saved, tools }: { saved: string; tools: string[] }) {
    const expected = tools.map((tool) => run.expand(`{{T:${tool}}}`)).toSorted();
    const listed = toolsOf(run, saved)
      .map(({ name }) => name)
      .toSorted();
    return listed.join() === expected.join() ? undefined : `the list has ${listed.join(', ')}`;
  },

  same_shape(run, { saved }: { saved: string[] }) {
    const [first, ...others] = saved.map((name) => shapeOf(run, name));
    const odd = others.find((shape) => shape !== first);
    return odd && `${first} is told from ${odd}`;
  },

  listed_tools_lack_or_mark(run, { saved, tool }: Listed) {
    const listed = listedAs(run, saved, tool);
    const [id = '', name] = tool.split('.');
    const approved = fixtureTools[id]?.find((known) => known.name === name);
    if (listed === undefined) return undefined;
    return JSON.stringify({ ...listed, name }) === JSON.stringify(approved)
      ? undefined
      : `${tool} is listed as ${JSON.stringify(listed)}`;
  },

  listed_text_lacks(run, { saved, codepoints }: { saved: string; codepoints: string[] }) {
    const ranges = codepoints.map((range) =>
      range.split('-').map((point) => Number.parseInt(point.slice(2), 16)),
    );
    const points = Array.from(JSON.stringify(toolsOf(run, saved))).map((char) => char.codePointAt(0) ?? 0);
    const found = points.find((point) =>
      ranges.some(([first = 0, last = 0]) => point >= first && point <= last),
    );
    return found === undefined ? undefined : `the list has U+${found.toString(16)}`;
  },

  result_contains(run, { saved, value }: { saved: string; value: string }) {
    const response = run.response(saved);
    const text = response === undefined ? '' : (resultText(response) ?? '');
    const spellings = [value, JSON.stringify(value).slice(1, -1)];
    return spellings.some((spelling) => text.includes(spelling))
      ? undefined
      : `the result is ${text || describe(run.exchange())}`;
  },

  single_result(run, { saved }: { saved: string }) {
    const exchange = run.saved.get(saved)?.at(-1)?.exchange;
    const finals = exchange?.responses.flatMap(finalMessagesOf) ?? [];
    return finals.length === 1 ? undefined : `${finals.length} final messages came`;
  },

  latency_ms(run, { saved, max }: { saved: string; max: number }) {
    const ms = run.saved.get(saved)?.at(-1)?.exchange.ms ?? Number.POSITIVE_INFINITY;
    return ms <= max ? undefined : `it took ${ms} ms`;
  },

  latency_ms_each(run, { max }: { max: number }) {
    const slowest = Math.max(...run.answered.map(({ exchange }) => exchange.ms));
    return slowest <= max ? undefined : `one took ${slowest} ms`;
  },

  other_caller_ok(run, { p99_ms }: { p99_ms: number }) {
    const sorted = run.otherCallerMs.toSorted((a, b) => a - b);
    const p99 = sorted[Math.ceil(sorted.length * 0.99) - 1] ?? Number.POSITIVE_INFINITY;
    return p99 <= p99_ms ? undefined : `of ${sorted.length} calls of another caller one took ${p99} ms`;
  },
};

/** Status, code and texts of a reply, without the name that was asked for. */
function shapeOf(run: CaseRun, saved: string): string {
  const response = run.response(saved);
  const error = response && (messageOf(response)?.error as { code: number; message: string } | undefined);
  const message = error?.message.replaceAll(/[\w-]+__\w+/g, 'TOOL');
  return JSON.stringify([response?.status, error?.code, message, Object.keys(error ?? {})]);
}

function toolsOf(run: CaseRun, saved: string): ListedTool[] {
  const response = run.response(saved);
  const result = response && (messageOf(response)?.result as { tools?: ListedTool[] } | undefined);
  if (result?.tools === undefined)
    throw new Error(`${saved} is no list of tools: ${describe(run.exchange())}`);
  return result.tools;
}

function listedAs(run: CaseRun, saved: string, tool: string): ListedTool | undefined {
  const name = run.expand(`{{T:${tool}}}`);
  return toolsOf(run, saved).find((listed) => listed.name === name);
}
