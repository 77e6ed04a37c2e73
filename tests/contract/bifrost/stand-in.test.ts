import { startBifrost } from '@asgard/devstack';
import { gatewayContract } from './gateway-contract.ts';
import { contractRoutes } from './routes.ts';

gatewayContract('stand-in', (service) => startBifrost({ routes: contractRoutes(service) }));
