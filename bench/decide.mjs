// node bench/decide.mjs
// What decisions cost, alone; `npm run bench -- --only rules` prints the same beside what whole calls cost.
import { measureDecisions, renderDecisions } from './decide-costs.mjs';

process.stdout.write(`${renderDecisions(await measureDecisions())}\n`);
