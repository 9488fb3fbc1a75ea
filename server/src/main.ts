import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';
import { runServer } from '#server/runServer.ts';
import { bundledSchemaFolder } from '#server/schemas/bundled.ts';

/** The language server as a program of its own, as the extension starts it. */
runServer(bundledSchemaFolder(dirname(realpathSync(process.argv[1] ?? '.'))));
