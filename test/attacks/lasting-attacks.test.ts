import { lastingCategories } from './corpus.js';
import { testCases } from './run-cases.js';

testCases(lastingCategories);
