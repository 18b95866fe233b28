import { SallyportClient } from '@sallyport/client';
import { look, type Picture } from './look.js';
import { paintLine, paintRows } from './paint.js';

const keyName = 'sallyport-key';
const betweenLooksMs = 5000;

const form = element('access', HTMLFormElement);
const input = element('key', HTMLInputElement);
let pending: ReturnType<typeof setTimeout> | undefined;
let turn = 0;

form.addEventListener('submit', (event) => {
  event.preventDefault();
  const key = input.value.trim();
  if (key === '') return;
  sessionStorage.setItem(keyName, key);
  input.value = '';
  void refresh();
});

element('forget', HTMLButtonElement).addEventListener('click', () => {
  sessionStorage.removeItem(keyName);
  input.value = '';
  input.focus();
  void refresh();
});

document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') void refresh();
});

void refresh();

/** Shows the present state and comes back; a tab nobody looks at asks nothing. */
async function refresh(): Promise<void> {
  clearTimeout(pending);
  turn += 1;
  const mine = turn;
  const key = sessionStorage.getItem(keyName);
  const client = new SallyportClient({ baseUrl: location.origin, ...(key === null ? {} : { token: key }) });
  const picture = await look(client, key !== null);
  // Two looks may be under way, for example with the key before and after "forget": only the newer one counts.
  if (mine !== turn) return;
  show(picture);
  if (document.visibilityState === 'visible') pending = setTimeout(() => void refresh(), betweenLooksMs);
}

function show(picture: Picture): void {
  paintLine(element('readiness', HTMLElement), picture.readiness);
  paintRows(element('checks', HTMLElement), picture.checks, 'nothing known');
  const withoutKey = 'needs a key';
  const { upstreams, records } = picture.inside ?? { upstreams: [], records: [] };
  paintRows(
    element('upstreams', HTMLElement),
    upstreams,
    picture.inside ? 'no upstream is configured' : withoutKey,
  );
  paintRows(
    element('records', HTMLElement),
    records,
    picture.inside ? 'nothing is recorded yet' : withoutKey,
  );
  const message = element('access-message', HTMLElement);
  const problem = picture.problem ?? '';
  if (message.textContent !== problem) message.textContent = problem;
}

function element<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`index.html has no ${kind.name} with the id ${id}`);
  return found;
}
