import { setting, type SettingTable } from '#core/systems/tables.ts';

const SWITCH = { values: ['0', '1'] } as const;

/** Variables that TensorFlow and Keras read. TensorFlow 2.17 and later. */
export const tensorflowVariables: SettingTable = {
  TF_CONFIG: setting(
    'string',
    '',
    'The cluster and the part of this process in it, as JSON: `{"cluster": {"worker": ["host:2222"]}, "task": {"type": "worker", "index": 0}}`.',
  ),
  TF_CPP_MIN_LOG_LEVEL: setting(
    'integer',
    '0',
    'What is logged: 0 everything, 1 no information, 2 no warnings, 3 nothing.',
    { values: ['0', '1', '2', '3'] },
  ),
  TF_CPP_MAX_VLOG_LEVEL: setting('integer', '0', 'How detailed messages for finding faults are; 0 gives none.'),
  TF_CPP_VMODULE: setting(
    'list',
    '',
    'How detailed messages for finding faults are for single source files, as `file=level`.',
  ),
  TF_FORCE_GPU_ALLOW_GROWTH: setting('boolean', 'false', 'Takes memory of the GPU bit by bit instead of all at once.'),
  TF_GPU_ALLOCATOR: setting('string', '', 'How memory of the GPU is given out; `cuda_malloc_async` breaks it up less.'),
  TF_GPU_THREAD_MODE: setting('string', 'global', 'Which threads start work on GPUs.', {
    values: ['global', 'gpu_private', 'gpu_shared'],
  }),
  TF_GPU_THREAD_COUNT: setting('integer', '2', 'Threads that start work, for each GPU or for all of them.'),
  TF_ENABLE_ONEDNN_OPTS: setting(
    'integer',
    '1',
    'Uses the faster routines for CPUs; results may differ in the last digits.',
    SWITCH,
  ),
  TF_NUM_INTRAOP_THREADS: setting(
    'integer',
    '0',
    'Threads within one operation; 0 lets TensorFlow choose by the machine, not by the limit of the container.',
  ),
  TF_NUM_INTEROP_THREADS: setting('integer', '0', 'Operations at the same time; 0 lets TensorFlow choose.'),
  TF_DETERMINISTIC_OPS: setting('integer', '0', 'Makes results repeatable, at a cost.', SWITCH),
  TF_CUDNN_DETERMINISTIC: setting('integer', '0', 'Makes convolutions on GPUs repeatable, at a cost.', SWITCH),
  TF_CUDNN_USE_AUTOTUNE: setting('integer', '1', 'Tries out at the start which convolution is fastest.', SWITCH),
  TF_XLA_FLAGS: setting('string', '', 'Options of the compiler in TensorFlow, such as `--tf_xla_auto_jit=2`.'),
  XLA_FLAGS: setting(
    'string',
    '',
    'Options of the compiler itself, such as `--xla_gpu_cuda_data_dir=/usr/local/cuda`.',
  ),
  TF_USE_LEGACY_KERAS: setting('integer', '0', 'Uses Keras 2 from the package `tf_keras` instead of Keras 3.', SWITCH),
  TF_GRPC_DEFAULT_OPTIONS: setting('string', '', 'Options of the connections between replicas.'),
  TFDS_DATA_DIR: setting('string', '', 'Directory of data sets, on a volume that survives the pod.'),
  TFHUB_CACHE_DIR: setting('string', '', 'Directory of models that were fetched.'),
  KERAS_BACKEND: setting('string', 'tensorflow', 'What Keras 3 computes with.', {
    values: ['tensorflow', 'jax', 'torch', 'openvino'],
  }),
  KERAS_HOME: setting('string', '', 'Directory where Keras keeps its configuration and models.'),
  OMP_NUM_THREADS: setting('integer', '', 'Threads of OpenMP; set it to the CPU limit.'),
  MKL_NUM_THREADS: setting('integer', '', 'Threads of the math library; set it to the CPU limit.'),
  KMP_BLOCKTIME: setting(
    'integer',
    '200',
    'Milliseconds a thread stays awake after its work; 0 or 1 suits most models.',
  ),
  KMP_AFFINITY: setting('string', '', 'Which processors threads stay on.'),
  PYTHONUNBUFFERED: setting('integer', '', 'Writes output at once, so that logs are complete when a pod dies.'),
  PYTHONPATH: setting('list', '', 'Directories Python looks for modules in, separated by colons.'),
  LD_LIBRARY_PATH: setting('list', '', 'Directories of libraries. Setting it drops what the image has there.'),
  GRPC_VERBOSITY: setting('string', 'ERROR', 'How much the connections between replicas log.', {
    values: ['DEBUG', 'INFO', 'ERROR', 'NONE'],
  }),
  GRPC_TRACE: setting('list', '', 'Parts of the connections between replicas that are logged in detail.'),
};
