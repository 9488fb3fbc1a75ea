import { setting, type SettingTable } from '#core/systems/tables.ts';

const SWITCH = { values: ['0', '1'] } as const;

/** Variables of CUDA, of the container runtime for GPUs, and of NCCL, through which replicas share their results. NCCL 2.20 and later. */
export const gpuVariables: SettingTable = {
  CUDA_VISIBLE_DEVICES: setting(
    'list',
    '',
    'GPUs the process may use. The device plugin gives the container its own; normally left out.',
  ),
  CUDA_DEVICE_ORDER: setting('string', 'FASTEST_FIRST', 'How GPUs are numbered.', {
    values: ['FASTEST_FIRST', 'PCI_BUS_ID'],
  }),
  CUDA_LAUNCH_BLOCKING: setting(
    'integer',
    '0',
    'Waits for each step on the GPU, which shows where an error comes from.',
    SWITCH,
  ),
  CUDA_CACHE_DISABLE: setting('integer', '0', 'Compiles for the GPU anew at every start.', SWITCH),
  CUDA_CACHE_PATH: setting('string', '', 'Directory of what was compiled for the GPU.'),
  CUDA_CACHE_MAXSIZE: setting('integer', '', 'Most bytes of what was compiled for the GPU.'),
  NVIDIA_VISIBLE_DEVICES: setting('list', '', 'GPUs the container gets. Setting it by hand goes around the scheduler.'),
  NVIDIA_DRIVER_CAPABILITIES: setting('list', '', 'What of the driver the container gets, such as `compute,utility`.'),
  NCCL_DEBUG: setting('string', '', 'What NCCL logs; nothing when left out.', {
    values: ['VERSION', 'WARN', 'INFO', 'TRACE'],
  }),
  NCCL_DEBUG_SUBSYS: setting('list', '', 'Parts that are logged with `NCCL_DEBUG=INFO`, such as `INIT,NET`.'),
  NCCL_DEBUG_FILE: setting('string', '', 'File for the log of NCCL.'),
  NCCL_SOCKET_IFNAME: setting('list', '', 'Network interfaces NCCL uses; `^` before a name leaves it out.'),
  NCCL_SOCKET_FAMILY: setting('string', '', 'Whether NCCL uses IPv4 or IPv6.', { values: ['AF_INET', 'AF_INET6'] }),
  NCCL_SOCKET_NTHREADS: setting('integer', '', 'Threads per connection that NCCL uses.'),
  NCCL_NSOCKS_PERTHREAD: setting('integer', '', 'Connections per thread that NCCL uses.'),
  NCCL_IB_DISABLE: setting('integer', '0', 'Turns InfiniBand off.', SWITCH),
  NCCL_IB_HCA: setting('list', '', 'InfiniBand adapters NCCL uses.'),
  NCCL_IB_TIMEOUT: setting('integer', '20', 'Timeout of InfiniBand as an exponent; more helps in large networks.'),
  NCCL_IB_RETRY_CNT: setting('integer', '7', 'Retries of InfiniBand.'),
  NCCL_IB_GID_INDEX: setting('integer', '', 'Address of the adapter to use, for Ethernet with RDMA.'),
  NCCL_NET_GDR_LEVEL: setting('string', '', 'How far apart GPU and adapter may be for sending straight from the GPU.', {
    values: ['LOC', 'PIX', 'PXB', 'PHB', 'SYS'],
  }),
  NCCL_P2P_DISABLE: setting('integer', '0', 'Keeps GPUs of a machine from exchanging data directly.', SWITCH),
  NCCL_P2P_LEVEL: setting('string', '', 'How far apart GPUs may be for exchanging data directly.', {
    values: ['LOC', 'NVL', 'PIX', 'PXB', 'PHB', 'SYS'],
  }),
  NCCL_SHM_DISABLE: setting('integer', '0', 'Does without shared memory; needed when `/dev/shm` is too small.', SWITCH),
  NCCL_ALGO: setting('list', '', 'Ways NCCL may combine results, such as `Ring,Tree`; NCCL chooses when left out.'),
  NCCL_PROTO: setting('list', '', 'Protocols NCCL may use, such as `LL,LL128,Simple`; NCCL chooses when left out.'),
  NCCL_BUFFSIZE: setting('integer', '4194304', 'Bytes of the buffer between two GPUs.'),
  NCCL_TOPO_FILE: setting('string', '', 'File that describes how GPUs and adapters are connected.'),
};
