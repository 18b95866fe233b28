import { heldCategories } from './corpus.js';
import { testCases } from './run-cases.js';

testCases(heldCategories);
