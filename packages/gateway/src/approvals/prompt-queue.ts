import { randomWord } from '../lib/ids.js';
import type { Hold } from '../model/hold.js';
import type { ChannelAnswer, ChannelNotice } from './approval-channel.js';
import { LineEditor, type LineEvent } from './line-editor.js';
import { readPromptAnswer } from './prompt-answer.js';
import { isSuspicious, promptLines } from './prompt-lines.js';
import type { TerminalDevice } from './terminal-device.js';
import { terminalText } from './terminal-text.js';

/** What of an outcome a person is told. */
export type PromptOutcome =
  | { readonly kind: 'taken'; readonly hold: Pick<Hold, 'state'> }
  | { readonly kind: 'refused'; readonly message: string };

export interface PromptDeps {
  readonly terminal: TerminalDevice;
  readonly after: (ms: number, run: () => void) => () => void;
  readonly answer: (answer: ChannelAnswer) => Promise<PromptOutcome>;
  /** Somebody pressed Ctrl-C. */
  readonly interrupt: () => void;
}

/** What was typed before a question was there is not its answer: for so long it is thrown away. */
const flushMs = 150;
/** A question that comes right after another needs its own word, for the answer to that one may still be on its way. */
const confusedMs = 5000;
const lookMs = 1000;

interface Asked {
  readonly notice: ChannelNotice;
  /** What has to be typed with an approval; undefined where nothing can be mistaken. */
  readonly word: string | undefined;
  isOpened: boolean;
  state: 'flushing' | 'asking' | 'noting' | 'answering';
  /** Stops listening, or waiting to be able to. */
  stop: () => void;
  editor: LineEditor;
}

/** Asks about one call after the other at a terminal. */
export class PromptQueue {
  readonly #deps: PromptDeps;
  #waiting: ChannelNotice[] = [];
  #asked: Asked | undefined;
  #isRecent = false;
  #stopRecent: () => void = () => undefined;
  #stopLooking: () => void = () => undefined;
  #isClosed = false;

  constructor(deps: PromptDeps) {
    this.#deps = deps;
  }

  /** Asks when it is its turn; a newer notice of the same hold takes the place of the one before. */
  ask(notice: ChannelNotice): void {
    if (this.#asked?.notice.view.id === notice.view.id)
      this.#close('-- Somebody has answered; more people are needed.');
    this.#waiting = [...this.#waiting.filter(({ view }) => view.id !== notice.view.id), notice];
    this.#next();
  }

  /** Nobody is to be asked about it any more. */
  over({ view }: ChannelNotice): void {
    this.#waiting = this.#waiting.filter((one) => one.view.id !== view.id);
    if (this.#asked?.notice.view.id !== view.id || this.#asked.state === 'answering') return;
    const last = view.votes.at(-1);
    const who = last === undefined ? '' : ` by ${terminalText(last.by.pieces)} over ${last.channel}`;
    this.#close(`-- Not asked any more: ${view.state}${who}.`);
    this.#next();
  }

  close(): void {
    this.#isClosed = true;
    this.#waiting = [];
    this.#stopLooking();
    this.#stopRecent();
    if (this.#asked !== undefined) this.#close('-- The gateway stops; the call still waits.');
  }

  #next(): void {
    this.#stopLooking();
    const [notice] = this.#waiting;
    if (notice === undefined || this.#asked !== undefined || this.#isClosed) return;
    if (!this.#deps.terminal.isOurs()) {
      this.#stopLooking = this.#deps.after(lookMs, () => this.#next());
      return;
    }
    this.#waiting = this.#waiting.slice(1);
    const { view } = notice;
    const { open, quorum, stepUp } = view.needs;
    const isPlain = open.length === 0 && quorum === 1 && !stepUp && !isSuspicious(view);
    const word = isPlain && this.#waiting.length === 0 && !this.#isRecent ? undefined : randomWord();
    this.#begin({
      notice,
      word,
      isOpened: false,
      state: 'flushing',
      stop: () => undefined,
      editor: this.#editor(),
    });
  }

  #editor(): LineEditor {
    return new LineEditor((text) => this.#deps.terminal.write(text));
  }

  #begin(asked: Asked): void {
    const { terminal, after } = this.#deps;
    this.#asked = asked;
    const deaf = terminal.listen(
      (text) => this.#typed(asked, text),
      () => this.#answered(asked, { verdict: 'deny' }),
    );
    const stopTimer = after(flushMs, () => {
      asked.state = 'asking';
      this.#show(asked);
    });
    asked.stop = () => {
      stopTimer();
      deaf();
    };
  }

  #show({ notice, isOpened, word }: Asked): void {
    const { terminal } = this.#deps;
    const { view } = notice;
    const terms = { columns: terminal.columns, others: this.#waiting.length, isOpened };
    const mustOpen = view.needs.open.length > 0 && !isOpened;
    const yes = mustOpen ? 's to see all of it' : `a${word === undefined ? '' : ` ${word}`} to approve`;
    const lines = [...promptLines(view, terms), `Type ${yes}, d or nothing to deny; then Enter.`];
    terminal.write(`${lines.join('\n')}\n> `);
  }

  #typed(asked: Asked, text: string): void {
    if (asked.state === 'flushing') {
      if (text.includes('\u0003')) this.#interrupted();
      return;
    }
    for (let left = text; left !== '' && this.#asked === asked; ) {
      const { event, rest } = asked.editor.take(left);
      left = rest;
      // What is typed after an answer is for nobody.
      if (event !== undefined && !this.#heard(asked, event)) return;
    }
  }

  /** Whether the question is still open. */
  #heard(asked: Asked, event: LineEvent): boolean {
    if (event.kind === 'interrupt') {
      this.#interrupted();
      return false;
    }
    if (asked.state === 'answering') return true;
    if (asked.state === 'noting') return this.#noted(asked, event);
    if (event.kind === 'end') {
      this.#answered(asked, { verdict: 'deny' });
      return false;
    }
    return this.#read(asked, event.text);
  }

  #read(asked: Asked, text: string): boolean {
    const { terminal } = this.#deps;
    const { view } = asked.notice;
    const mustOpen = view.needs.open.length > 0 && !asked.isOpened;
    const read = readPromptAnswer(text, { word: asked.word, mustOpen });
    if (read.kind === 'show') {
      asked.isOpened = true;
      this.#show(asked);
      return true;
    }
    if (read.kind === 'unclear') {
      terminal.write(`${read.message}\n> `);
      return true;
    }
    if (read.verdict === 'approve' && view.needs.noteRequired && read.note === undefined) {
      asked.state = 'noting';
      terminal.write('Why (for the record): ');
      return true;
    }
    this.#answered(asked, read);
    return false;
  }

  #noted(asked: Asked, event: LineEvent): boolean {
    const note = event.kind === 'line' ? event.text.trim() : '';
    if (note !== '') {
      this.#answered(asked, { verdict: 'approve', note });
      return false;
    }
    asked.state = 'asking';
    this.#deps.terminal.write('An approval of this call needs a note.\n> ');
    return true;
  }

  #answered(asked: Asked, answer: Pick<ChannelAnswer, 'verdict' | 'note'>): void {
    if (this.#asked !== asked || asked.state === 'answering') return;
    asked.state = 'answering';
    const { token, view } = asked.notice;
    const { verdict, note = view.needs.noteRequired ? 'no reason given at the terminal' : undefined } =
      answer;
    void this.#deps
      .answer({ token, person: '', verdict, note })
      .then(
        (outcome) => (outcome.kind === 'taken' ? sentences[outcome.hold.state] : outcome.message),
        () => 'The answer could not be taken.',
      )
      .then((sentence = 'It is answered.') => {
        if (this.#asked === asked) this.#close(`-- ${sentence}`);
        this.#next();
      });
  }

  #interrupted(): void {
    this.#close('-- Interrupted; the call still waits.');
    this.#deps.interrupt();
  }

  #close(sentence: string): void {
    const asked = this.#asked;
    this.#asked = undefined;
    asked?.stop();
    this.#deps.terminal.write(`\n${sentence}\n`);
    this.#stopRecent();
    this.#isRecent = true;
    this.#stopRecent = this.#deps.after(confusedMs, () => {
      this.#isRecent = false;
    });
  }
}

const sentences: Readonly<Record<string, string>> = {
  pending: 'Your answer is taken; it needs further people.',
  approved: 'Approved: the call runs once, as it was shown.',
  denied: 'Denied: the call is refused.',
};
