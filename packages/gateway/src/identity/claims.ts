import type { ClaimsConfig } from '#contract';
import type { JsonObject, JsonValue } from '../model/json.js';
import type { Principal, Role } from '../model/principal.js';

/** What claims are mapped with. */
export interface ClaimTerms {
  readonly claims: ClaimsConfig;
  readonly prefix: string;
  /** Of everybody. */
  readonly roles: readonly Role[];
  readonly tenant: string;
}

/** Why claims name nobody, in a sentence without their values. */
export class ClaimFault extends Error {}

/** Visible characters only: a name stands in rules, in records and on screens. */
const name = /^[^\p{C}\p{Z}]{1,256}$/u;
const longestLabel = 1024;

/** Who claims name, by the configured mapping and nothing else. Throws ClaimFault. */
export function whoIs(
  claims: JsonObject,
  { claims: map, prefix, roles, tenant }: ClaimTerms,
): Omit<Principal, 'credential'> {
  const id = claimAt(claims, map.principal);
  if (typeof id !== 'string' || !name.test(id)) throw new ClaimFault(`${map.principal} is no name`);
  return {
    id: `${prefix}${id}`,
    tenant: map.tenant === undefined ? tenant : tenantOf(claims, map.tenant),
    roles: [...new Set([...roles, ...rolesOf(claims, map.roles)])],
    labels: labelsOf(claims, map.labels),
  };
}

/** A member by its name, or by a path of names with dots; only own members are looked at. */
function claimAt(claims: JsonObject, path: string): JsonValue | undefined {
  if (Object.hasOwn(claims, path)) return claims[path];
  return path.split('.').reduce<JsonValue | undefined>((value, part) => {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject && Object.hasOwn(value, part) ? value[part] : undefined;
  }, claims);
}

function tenantOf(claims: JsonObject, { claim, map }: NonNullable<ClaimsConfig['tenant']>): string {
  const value = claimAt(claims, claim);
  const tenant = typeof value === 'string' && Object.hasOwn(map, value) ? map[value] : undefined;
  if (tenant === undefined) throw new ClaimFault(`${claim} names no tenant`);
  return tenant;
}

function rolesOf(claims: JsonObject, wanted: ClaimsConfig['roles']): Role[] {
  if (wanted === undefined) return [];
  const { claim, map } = wanted;
  return textsIn(claimAt(claims, claim)).flatMap(
    (value) => (Object.hasOwn(map, value) ? map[value] : []) ?? [],
  );
}

/** One text, or a list of them. */
export function textsIn(value: JsonValue | undefined): string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}

/** In a list one item must not read as two. */
function isWord(text: string): boolean {
  return !/[\s,]/.test(text);
}

function labelsOf(claims: JsonObject, wanted: ClaimsConfig['labels']): Record<string, string> {
  const labels = Object.entries(wanted).flatMap(([label, claim]): [string, string][] => {
    const value = claimAt(claims, claim);
    const isPlain = typeof value === 'number' || typeof value === 'boolean';
    const text =
      isPlain || typeof value === 'string' ? String(value) : textsIn(value).filter(isWord).join(',');
    return text === '' || text.length > longestLabel ? [] : [[label, text]];
  });
  return Object.fromEntries(labels);
}
