// Loaded before the gateway: lets the time stand still at the milliseconds in the file TURNED_CLOCK, once there is one, or
// go on so many milliseconds later, where they have a sign.
import { existsSync, readFileSync } from 'node:fs';

const file = process.env.TURNED_CLOCK ?? '';
const now = Date.now.bind(Date);

Date.now = () => {
  if (!existsSync(file)) return now();
  const text = readFileSync(file, 'utf8');
  return text.startsWith('+') ? now() + Number(text) : Number(text);
};
