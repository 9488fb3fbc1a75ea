// Peers that are written in Go: built once by `go install`, from the module proxy, into the cache.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { cacheFolder } from '../../scripts/editor/paths.mjs';

const modules = {
  kubeconform: 'github.com/yannh/kubeconform/cmd/kubeconform@v0.7.0',
  'kube-score': 'github.com/zegl/kube-score/cmd/kube-score@v1.20.0',
};

/** The program, or undefined (and a line that says so) where there is no Go to build it. */
export function findGoProgram(name) {
  const bin = path.join(cacheFolder(), 'bin');
  const program = path.join(bin, name);
  if (existsSync(program)) return program;
  try {
    console.log(`building ${name} with go install ...`);
    mkdirSync(bin, { recursive: true });
    execFileSync('go', ['install', modules[name]], {
      env: { ...process.env, GOBIN: bin, CGO_ENABLED: '0' },
      stdio: 'inherit',
    });
    return program;
  } catch {
    console.log(`${name} is not measured: Go is not there to build it`);
    return undefined;
  }
}
