import type { KnowledgeEntry } from '#core/systems/contract.ts';
import { setting, type SettingTable } from '#core/systems/tables.ts';

/** Settings of Hadoop's object storage, as they stand under `hadoopConf`. Apache Hadoop 3.4, module hadoop-aws. */
export const hadoopSettings: SettingTable = {
  'fs.defaultFS': setting('string', 'file:///', 'File system of paths that name none.'),
  'fs.s3a.endpoint': setting('string', '', 'Address of the object storage.'),
  'fs.s3a.endpoint.region': setting('string', '', 'Region of the object storage.'),
  'fs.s3a.path.style.access': setting(
    'boolean',
    'false',
    'Puts the bucket into the path; most storages but Amazon want it.',
  ),
  'fs.s3a.aws.credentials.provider': setting(
    'class',
    '',
    'Where the credentials come from. Never write the keys themselves here.',
  ),
  'fs.s3a.access.key': setting('string', '', 'Name of the key. Everybody who may read the resource sees it here.'),
  'fs.s3a.secret.key': setting('string', '', 'The key itself. Everybody who may read the resource sees it here.'),
  'fs.s3a.connection.ssl.enabled': setting('boolean', 'true', 'Uses TLS.'),
  'fs.s3a.connection.maximum': setting('integer', '500', 'Connections to the storage at the same time.'),
  'fs.s3a.committer.name': setting(
    'string',
    'file',
    'How results become visible; `magic` and `directory` need no renaming.',
    {
      values: ['file', 'directory', 'partitioned', 'magic'],
    },
  ),
  'fs.s3a.fast.upload.buffer': setting('string', 'disk', 'Where data waits for its upload.', {
    values: ['disk', 'array', 'bytebuffer'],
  }),
  'fs.s3a.multipart.size': setting('size', '64M', 'Size of the parts of an upload.'),
};

/** The same settings as they stand among those of Spark. */
export const sparkHadoopSettings: SettingTable = Object.fromEntries(
  Object.entries(hadoopSettings).map(([name, entry]): [string, KnowledgeEntry] => [`spark.hadoop.${name}`, entry]),
);
