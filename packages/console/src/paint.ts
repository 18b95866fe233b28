import type { Cell, Line, Row } from './view.js';

/** Puts rows into a table body. Every text becomes a text node: nothing that came from outside is read as markup. */
export function paintRows(body: HTMLElement, rows: readonly Row[], whenEmpty: string): void {
  const width = body.closest('table')?.querySelectorAll('thead th').length ?? 1;
  body.replaceChildren(...(rows.length === 0 ? [emptyRow(whenEmpty, width)] : rows.map(paintRow)));
}

/** Changes a status line only when it says something new, so that a screen reader speaks only then. */
export function paintLine(element: HTMLElement, line: Line): void {
  if (element.textContent !== line.text) element.textContent = line.text;
  element.className = `state ${line.tone}`;
}

function paintRow(row: Row): HTMLElement {
  const element = document.createElement('tr');
  element.append(...row.map(paintCell));
  return element;
}

function paintCell(cell: Cell, column: number): HTMLElement {
  const element = document.createElement(column === 0 ? 'th' : 'td');
  if (column === 0) element.setAttribute('scope', 'row');
  element.textContent = cell.text;
  element.className = cell.tone === undefined ? cell.kind : `${cell.kind} ${cell.tone}`;
  return element;
}

function emptyRow(text: string, width: number): HTMLElement {
  const cell = document.createElement('td');
  cell.colSpan = width;
  cell.textContent = text;
  const row = document.createElement('tr');
  row.append(cell);
  return row;
}
