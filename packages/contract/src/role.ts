import { z } from 'zod';

/** What a caller may do besides calling tools. */
export const roleSchema = z.enum(['agent', 'approver', 'auditor', 'operator', 'admin']);
