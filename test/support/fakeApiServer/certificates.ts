import { readFileSync } from 'node:fs';

/** The names of the test certificates in test/fixtures/tls. */
export type CertificateName = 'server' | 'expired' | 'future' | 'client' | 'expiredClient';

const folder = new URL('../../fixtures/tls/', import.meta.url);

const read = (file: string): string => readFileSync(new URL(file, folder), 'utf8');

export const certificate = (name: CertificateName): { readonly cert: string; readonly key: string } => ({
  cert: read(`${name}.pem`),
  key: read(`${name}.key`),
});

/** The authority that has signed them all. */
export const authority = read('ca.pem');

/** One that has signed none of them. */
export const otherAuthority = read('otherCa.pem');

export const base64 = (text: string): string => Buffer.from(text).toString('base64');
