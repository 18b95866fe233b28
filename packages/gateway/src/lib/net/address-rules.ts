import ipaddr from 'ipaddr.js';

type Address = ReturnType<typeof ipaddr.parse>;
type Range = ReturnType<typeof ipaddr.parseCIDR>;

/** Which addresses the gateway may connect to by itself. */
export interface AddressRules {
  /** Why it may not connect to an address, in words; undefined where it may. */
  whyNot(address: string): string | undefined;
}

/**
 * Public unicast addresses, and those in `allowed`: CIDR ranges or single addresses. Everything that stands for another
 * address (mapped, translated, tunnelled) is judged as such forms, none of which is public unicast; a mapped IPv4
 * address is judged as that. Throws for an entry that is no address or range.
 */
export function addressRules(allowed: readonly string[]): AddressRules {
  const ranges = allowed.map(readRange);
  return {
    whyNot(text) {
      if (!ipaddr.isValid(text)) return `"${text}" is no address`;
      const address = ipaddr.process(text);
      const kind = address.range();
      if (kind === 'unicast' || ranges.some((range) => isWithin(address, range))) return undefined;
      return `${text} is a ${wordsFor(kind)} address, to which connections are not allowed`;
    },
  };
}

/** Whether a text is an address or a range, for checking configuration. */
export function isAddressRange(text: string): boolean {
  try {
    readRange(text);
    return true;
  } catch {
    return false;
  }
}

function readRange(text: string): Range {
  if (text.includes('/')) return ipaddr.parseCIDR(text);
  const address = ipaddr.process(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128] as Range;
}

function isWithin(address: Address, [base, bits]: Range): boolean {
  return address.kind() === base.kind() && address.match(base, bits);
}

/** `carrierGradeNat` becomes `carrier grade nat`. */
function wordsFor(kind: string): string {
  return kind.replace(/([A-Z])/g, ' $1').toLowerCase();
}
