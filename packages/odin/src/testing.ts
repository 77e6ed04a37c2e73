export {
  createTestClient,
  type TestCallOptions,
  type TestClient,
  type TestClientOptions,
} from './testing/client.ts';
export { createTestClock, type TestClock } from './testing/clock.ts';
export { testPrincipal } from './testing/principal.ts';
export { createTestProxy, type ProxiedAnswer, type ProxiedOptions, type TestProxy } from './testing/proxy.ts';
