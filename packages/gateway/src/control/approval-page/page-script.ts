/**
 * All the script of the approval page: a yes can be pressed once every long value was opened. The gateway checks the same
 * by what the form sends, so without script nothing is lost but the help.
 */
export const pageScript = `'use strict';
const boxes = [...document.querySelectorAll('input[name="opened"]')];
const yes = [...document.querySelectorAll('button[data-yes]')];
const hint = document.getElementById('open-first');
function look() {
  const missing = boxes.filter((box) => !box.checked).length;
  for (const button of yes) button.disabled = missing > 0;
  if (hint !== null) hint.hidden = missing === 0;
}
for (const box of boxes) {
  box.addEventListener('change', look);
  const details = box.closest('details');
  details.addEventListener('toggle', () => {
    if (!details.open) return;
    box.checked = true;
    look();
  });
}
look();
`;
