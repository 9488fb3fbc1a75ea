/**
 * Whether the API server takes a text as an IP address in the fields that have always been there: leading zeros and IPv4 in IPv6
 * pass, zones do not. Source: k8s.io/utils/net ParseIPSloppy; confirmed against kube-apiserver 1.34.4.
 */
export function isIpAddress(text: string): boolean {
  return isIpv4(text) || isIpv6(text);
}

/** Whether an address that passes is written as no address should be: IPv4 with leading zeros, or IPv4 in IPv6. */
export function isOddIpAddress(text: string): boolean {
  return isIpv4(text) ? /(?:^|\.)0\d/.test(text) : /^::ffff:\d+\.[\d.]+$/i.test(text) && isIpv6(text);
}

function isIpv4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^\d+$/.test(part) && Number(part) <= 255);
}

function isIpv6(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const counts = halves.map((half, index) => countGroups(half, index === halves.length - 1));
  if (counts.includes(undefined)) return false;
  const groups = counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
  return halves.length === 2 ? groups < 8 : groups === 8;
}

/** How many groups of 16 bits stand in a part without `::`; an IPv4 address at its end counts as two. */
function countGroups(text: string, mayEndInIpv4: boolean): number | undefined {
  if (text === '') return 0;
  const parts = text.split(':');
  const tail = mayEndInIpv4 && parts.at(-1)?.includes('.') ? parts.pop() : undefined;
  if (tail !== undefined && !isIpv4(tail)) return undefined;
  if (!parts.every((part) => /^[\da-f]{1,4}$/i.test(part))) return undefined;
  return parts.length + (tail === undefined ? 0 : 2);
}
