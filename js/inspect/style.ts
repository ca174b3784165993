/** Styles of the overlay; a constructed sheet, so that a strict CSP allows them. */
export const STYLE = `
:host { all: initial; position: fixed; inset: 0 0 0 auto; width: min(460px, 100vw); z-index: 2147483000; display: flex;
  font: 14px/1.45 ui-sans-serif, system-ui, "Segoe UI", sans-serif; color: #eceff4; background: #1b1f27;
  box-shadow: -18px 0 50px #0006; flex-direction: column; color-scheme: dark; }
* { box-sizing: border-box; }
header { padding: 14px 16px 10px; border-bottom: 1px solid #333a47; display: grid; gap: 10px; }
h2 { margin: 0; font-size: 16px; font-weight: 650; display: flex; justify-content: space-between; align-items: center; }
h3 { margin: 0; font-size: 14px; font-weight: 650; }
p, ul, dl, dd { margin: 0; padding: 0; }
ul { list-style: none; }
button, select { font: inherit; color: inherit; background: #2a303c; border: 1px solid #465065; border-radius: 8px;
  min-height: 34px; padding: 4px 11px; cursor: pointer; }
button:hover { background: #363e4d; }
button[aria-pressed="true"], [role="tab"][aria-selected="true"] { background: #f6c667; color: #231a06; border-color: #f6c667; }
button:focus-visible, summary:focus-visible, [tabindex]:focus-visible { outline: 3px solid #7db7ff; outline-offset: 2px; }
.close { min-width: 36px; font-size: 18px; line-height: 1; }
.bar { display: flex; flex-wrap: wrap; gap: 6px; align-items: center; }
.bar > span { color: #aeb7c6; min-width: 52px; }
.tabs { display: flex; gap: 6px; padding: 10px 16px 0; }
[role="tabpanel"] { flex: 1; overflow: auto; padding: 12px 16px 30px; display: grid; gap: 10px; align-content: start; }
.slot { border: 1px solid #333a47; border-radius: 12px; padding: 11px 13px; display: grid; gap: 5px; background: #222732; }
.slot.won { border-color: #6f9f63; }
.slot h3 { display: flex; justify-content: space-between; gap: 10px; }
.name { font-family: ui-monospace, SFMono-Regular, Menlo, monospace; font-size: 13px; overflow-wrap: anywhere; }
.soft { color: #aeb7c6; }
.good { color: #a8dd97; }
.bad { color: #ffab9d; }
details > summary { cursor: pointer; color: #cfd6e2; }
.stories { display: grid; gap: 9px; margin-top: 8px; }
.stories li { padding-left: 10px; border-left: 3px solid #465065; }
.stories li.won { border-color: #a8dd97; }
.conditions { margin: 3px 0 0; display: grid; gap: 2px; }
.conditions li { border: 0; padding-left: 0; display: grid; grid-template-columns: 18px 1fr; }
dl { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 3px 12px; }
dt { color: #cfd6e2; overflow-wrap: anywhere; }
dd { overflow-wrap: anywhere; text-align: right; }
pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; font: 12px/1.45 ui-monospace, Menlo, monospace; }
.danger { border-color: #b5614f; }
@media (max-width: 680px) { :host { inset: auto 0 0 0; width: 100vw; height: 72vh; border-radius: 18px 18px 0 0; } }
@media (prefers-reduced-motion: no-preference) { :host { animation: in .18s ease-out; } @keyframes in { from { transform: translateX(30px); opacity: 0; } } }
`;
