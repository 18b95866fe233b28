// Loaded before the gateway: lets the time stand still at the milliseconds in the file TURNED_CLOCK, once there is one.
import { existsSync, readFileSync } from 'node:fs';

const file = process.env.TURNED_CLOCK ?? '';
const now = Date.now.bind(Date);

Date.now = () => (existsSync(file) ? Number(readFileSync(file, 'utf8')) : now());
