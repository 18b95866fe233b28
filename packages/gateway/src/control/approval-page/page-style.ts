/** The look of the approval page: its own file, for its policy lets nothing inline count. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --text: #1a1d21; --quiet: #4c545e; --back: #f6f7f9; --card: #ffffff; --line: #c9cfd6;
  --yes: #0b6b3a; --yes-text: #ffffff; --no: #a3151f; --no-text: #ffffff; --link: #0a58a8;
  --mark: #7a2e00; --mark-back: #ffe4c2; --warn-back: #fff3d6; --warn-line: #9a6200; --focus: #0a58a8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #e8eaed; --quiet: #b3bac3; --back: #14171a; --card: #1d2125; --line: #434a53;
    --yes: #5fd197; --yes-text: #06210f; --no: #ff9a9a; --no-text: #2b0406; --link: #8ec5ff;
    --mark: #ffd9a8; --mark-back: #4d2f00; --warn-back: #352a0d; --warn-line: #d6a84a; --focus: #8ec5ff;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
header, main { max-width: 60rem; margin: 0 auto; padding: 0.75rem 1rem; }
header { display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; align-items: center; color: var(--quiet); }
header strong { color: var(--text); margin-right: auto; }
h1 { font-size: 1.4rem; line-height: 1.3; margin: 0 0 0.75rem; overflow-wrap: anywhere; }
h2 { font-size: 1.05rem; margin: 0 0 0.5rem; }
section, .answer { background: var(--card); border: 1px solid var(--line); border-radius: 0.5rem; padding: 1rem; margin: 0 0 1rem; }
a { color: var(--link); }
dl { display: grid; grid-template-columns: minmax(7rem, max-content) 1fr; gap: 0.25rem 1rem; margin: 0; }
dt { color: var(--quiet); }
dd { margin: 0; overflow-wrap: anywhere; }
.reason { font-weight: 600; }
table { border-collapse: collapse; width: 100%; table-layout: fixed; }
caption { text-align: left; color: var(--quiet); padding-bottom: 0.5rem; }
th, td { text-align: left; vertical-align: top; padding: 0.4rem 0.6rem 0.4rem 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
thead th { color: var(--quiet); font-weight: 600; border-top: 0; width: 22%; }
thead th:nth-child(2) { width: 56%; }
tbody th { font-weight: 600; }
.title { display: block; font-weight: 400; color: var(--quiet); font-size: 0.9rem; }
bdi, pre, textarea { font-family: ui-monospace, monospace; font-size: 0.95em; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; max-height: 30rem; overflow: auto; margin: 0.5rem 0; padding: 0.5rem; border: 1px solid var(--line); border-radius: 0.25rem; }
mark { background: var(--mark-back); color: var(--mark); border: 1px solid currentColor; border-radius: 0.2rem; padding: 0 0.2rem; font-size: 0.85em; }
.changed, .new, .gone { font-weight: 600; }
.was { color: var(--quiet); display: block; }
.note, .alert { border-left: 0.3rem solid var(--warn-line); background: var(--warn-back); padding: 0.6rem 0.8rem; margin: 0 0 1rem; border-radius: 0.25rem; }
.unverified { color: var(--quiet); }
label { display: block; margin: 0.5rem 0 0.2rem; }
label.line { display: inline; margin: 0 0 0 0.3rem; }
textarea, input[type=password], input[type=text], input[type=number] { width: 100%; color: var(--text); background: var(--back); border: 1px solid var(--quiet); border-radius: 0.3rem; padding: 0.4rem; font-size: 1rem; }
input[type=number] { width: 7rem; }
summary { cursor: pointer; padding: 0.2rem 0; }
fieldset { border: 1px solid var(--line); border-radius: 0.3rem; margin: 0.75rem 0; }
.answer .note { margin-top: 1rem; }
.buttons { display: flex; flex-wrap: wrap; gap: 0.75rem; margin-top: 1rem; }
button { font: inherit; font-weight: 600; padding: 0.5rem 1.2rem; border-radius: 0.4rem; border: 1px solid var(--quiet); background: var(--card); color: var(--text); cursor: pointer; }
button.yes { background: var(--yes); color: var(--yes-text); border-color: var(--yes); }
button.no { background: var(--no); color: var(--no-text); border-color: var(--no); }
button:disabled { background: var(--back); color: var(--quiet); border-color: var(--line); cursor: not-allowed; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
@media (max-width: 40rem) {
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: 0.5rem; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, caption, tbody, tr, th, td { display: block; width: 100%; }
  tr { border-top: 1px solid var(--line); padding: 0.4rem 0; }
  th, td { border: 0; padding: 0.1rem 0; }
}
`;
