import { parseJson } from '../../lib/json/parse-json.js';
import { type ImportedTool, importTools } from '../import-tools.js';

/** The tool that an accepted definition describes; undefined for a text that is no definition by the rules of today. */
export function acceptedTool(definitionText: string): ImportedTool | undefined {
  const page = parseJson(`[${definitionText}]`);
  return importTools({ pages: [page], redact: (text) => text }).items[0];
}
