import { SallyportClient } from '@sallyport/client';
import { look, type Picture } from './look.js';
import { paintLine, paintRows } from './paint.js';
import { askSession, type Session } from './session.js';
import { inert } from './view.js';

const betweenLooksMs = 5000;

let pending: ReturnType<typeof setTimeout> | undefined;
let turn = 0;

document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') void refresh();
});

void refresh();

/** Shows the present state and comes back; a tab nobody looks at asks nothing. */
async function refresh(): Promise<void> {
  clearTimeout(pending);
  turn += 1;
  const mine = turn;
  const session = await askSession((input, init) => fetch(input, init));
  const client = new SallyportClient({ baseUrl: location.origin });
  const picture = await look(client, session.principal !== undefined);
  // Two looks may be under way, when somebody comes back to the tab: only the newer one counts.
  if (mine !== turn) return;
  showSession(session);
  show(picture);
  if (document.visibilityState === 'visible') pending = setTimeout(() => void refresh(), betweenLooksMs);
}

function showSession({ principal, csrf, hasProvider }: Session): void {
  element('access', HTMLFormElement).hidden = principal !== undefined;
  element('leave', HTMLFormElement).hidden = principal === undefined;
  offerProvider(element('provider', HTMLElement), hasProvider);
  element('token', HTMLInputElement).value = csrf ?? '';
  element('who', HTMLElement).textContent = inert(principal ?? '');
}

/** Where there is no provider, there is nothing to follow. */
function offerProvider(place: HTMLElement, hasProvider: boolean): void {
  if (hasProvider === place.hasChildNodes()) return;
  const link = document.createElement('a');
  link.href = '/sign-in?return=/console';
  link.textContent = 'Sign in with the identity provider';
  place.replaceChildren(...(hasProvider ? [link] : []));
}

function show(picture: Picture): void {
  paintLine(element('readiness', HTMLElement), picture.readiness);
  paintRows(element('checks', HTMLElement), picture.checks, 'nothing known');
  const withoutKey = 'sign in to see it';
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
