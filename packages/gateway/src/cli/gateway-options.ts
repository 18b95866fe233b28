/** Which gateway a command asks, and with which key. */
export interface GatewayOptions {
  readonly gateway?: string;
  readonly keyFile?: string;
}
