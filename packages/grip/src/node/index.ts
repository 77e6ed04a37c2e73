export { createLeaseSealer, type LeaseSealerOptions } from './lease-sealer.ts';
