// The pool alone: the package's main file also replaces the dispatcher of the whole process and is twice as large.
declare module 'undici/lib/dispatcher/pool.js' {
  import { Pool } from 'undici';
  export default Pool;
}
