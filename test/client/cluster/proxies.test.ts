import { describe, expect, test } from 'vitest';
import { proxyTo } from '#client/cluster/transport/proxies.ts';

const proxy = { HTTPS_PROXY: 'http://proxy:3128' };

const through = (
  server: string,
  environment: Readonly<Record<string, string>>,
  configured?: string,
): string | undefined => proxyTo(new URL(server), configured, environment)?.href;

describe('the proxy to a server', () => {
  test('is that of the kubeconfig before that of the environment', () => {
    expect(through('https://k8s.test', proxy, 'socks5://other:1080')).toBe('socks5://other:1080');
    expect(through('https://k8s.test', proxy)).toBe('http://proxy:3128/');
    expect(through('https://k8s.test', { https_proxy: 'proxy:3128' })).toBe('http://proxy:3128/');
    expect(through('http://k8s.test', proxy)).toBeUndefined();
    expect(through('https://k8s.test', {})).toBeUndefined();
  });

  test.each([
    ['https://k8s.test', '*', true],
    ['https://k8s.test', 'k8s.test', true],
    ['https://a.k8s.test', 'k8s.test', true],
    ['https://k8s.test', '.k8s.test', false],
    ['https://a.k8s.test', '.k8s.test', true],
    ['https://ak8s.test', 'k8s.test', false],
    ['https://k8s.test:6443', 'k8s.test:6443', true],
    ['https://k8s.test:6443', 'other, k8s.test:443', false],
    ['https://k8s.test', 'k8s.test:443', true],
    ['https://10.1.2.3', '10.0.0.0/8', true],
    ['https://11.1.2.3', '10.0.0.0/8', false],
    ['https://10.1.2.3', '10.1.2.3', true],
    ['https://[fd00::1]', 'fd00::/8', true],
    ['https://127.0.0.2', '', true],
    ['https://[::1]:6443', '', true],
    ['https://localhost', '', true],
  ])('%s with NO_PROXY=%s is reached without one: %s', (server, exceptions, isDirect) => {
    expect(through(server, { ...proxy, NO_PROXY: exceptions }) === undefined).toBe(isDirect);
  });
});
