import type { NameCheck } from '#core/kubernetes/names.ts';

/** A path on a node: `..` is no part of it. Source: k8s.io/kubernetes pkg/apis/core/validation validatePathNoBacksteps, 1.34. */
export const checkPathOfNode: NameCheck = (path) =>
  path.split('/').includes('..') ? 'must not have ".." in it' : undefined;

/** A path below a directory that is given elsewhere, such as a seccomp profile: validateLocalDescendingPath. */
export const checkRelativePath: NameCheck = (path) =>
  path.startsWith('/') ? 'must not be absolute' : checkPathOfNode(path);

/** A path in a volume; names that begin with ".." are the kubelet's own: ValidateLocalNonReservedPath. */
export const checkPathInVolume: NameCheck = (path) =>
  checkRelativePath(path) ?? (path.startsWith('..') ? 'must not begin with ".."' : undefined);
