import { X509Certificate } from 'node:crypto';
import type { Credential } from './credential.ts';

/** API servers answer 401 to an expired client certificate without saying so. Empty when nothing is known. */
export function explainRefusal({ cert }: Credential, now: number): string {
  if (cert === undefined) return '';
  try {
    const { validFrom, validTo } = new X509Certificate(cert);
    const expired = Date.parse(validTo);
    if (expired < now) return `The client certificate of the kubeconfig expired at ${new Date(expired).toISOString()}.`;
    if (Date.parse(validFrom) > now)
      return 'The client certificate of the kubeconfig is not valid yet; see the clock of this computer.';
    return '';
  } catch {
    return '';
  }
}
