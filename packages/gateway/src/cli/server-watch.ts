import type { Gateway } from '../app/gateway.js';

/** Says why there is nothing to serve, if that is so by now. */
export type ServerWatch = (gateway: Pick<Gateway, 'readiness'>) => string | undefined;

/** Watches one upstream until it has come up; from then on the gateway takes care of it. */
export function createServerWatch(upstream: string): ServerWatch {
  let cameUp = false;
  return (gateway) => {
    if (cameUp) return undefined;
    const { gateway: opened, [`upstream ${upstream}`]: server } = gateway.readiness().checks;
    cameUp = server?.ok === true;
    if (cameUp || opened?.ok !== true) return undefined;
    return `${upstream}: the server did not start: ${server?.reason ?? 'it is down'}; try it without sallyport`;
  };
}
