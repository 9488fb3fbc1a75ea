import { isRecord, recordOf } from '../simulation/objects.ts';

/** Questions about rights: in a simulation everything is allowed. */
export function reviewAnswer(path: string, body: string): unknown {
  const sent = readObject(body);
  if (path === '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews') {
    const reason = 'This is a simulation: everything is allowed';
    return { ...reviewOf('SelfSubjectAccessReview', sent), status: { allowed: true, reason } };
  }
  if (path === '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews') {
    const resourceRules = [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }];
    return {
      ...reviewOf('SelfSubjectRulesReview', sent),
      status: { resourceRules, nonResourceRules: [], incomplete: false },
    };
  }
  if (path === '/apis/authentication.k8s.io/v1/selfsubjectreviews') {
    return {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'SelfSubjectReview',
      metadata: {},
      status: { userInfo: { username: 'demo', groups: ['system:authenticated'] } },
    };
  }
  return undefined;
}

function reviewOf(kind: string, sent: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return { apiVersion: 'authorization.k8s.io/v1', kind, metadata: {}, spec: recordOf(sent['spec']) };
}

function readObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}
