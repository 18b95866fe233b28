import type { JsonObjectText } from './json.js';
import type { Quarantine } from './quarantine.js';
import type { Tool } from './tool.js';

/** What a governed request is about. Every kind has a name for callers, one for its upstream, and its definition. */
export type Target = Tool | Prompt | Resource | ResourceTemplate | RelayedMethod;

export type TargetKind = Target['kind'];

/** One prompt of one upstream. */
export interface Prompt {
  readonly kind: 'prompt';
  /** Unique over all upstreams, made as the names of tools are. */
  readonly exposedName: string;
  readonly upstream: string;
  readonly name: string;
  readonly definition: JsonObjectText;
  readonly digest: string;
  /** As that of a tool. */
  readonly quarantine?: Quarantine;
}

/** One resource of one upstream; also one that no list names, read through a template or at its upstream's endpoint. */
export interface Resource {
  readonly kind: 'resource';
  /** The URI as callers of the gateway write it. */
  readonly exposedName: string;
  readonly upstream: string;
  /** The URI as the upstream itself writes it. */
  readonly name: string;
  /** Absent for a resource that no list names. */
  readonly definition?: JsonObjectText;
  readonly digest?: string;
}

/** A URI template (RFC 6570) under which one upstream has resources. */
export interface ResourceTemplate {
  readonly kind: 'template';
  readonly exposedName: string;
  readonly upstream: string;
  readonly name: string;
  readonly definition: JsonObjectText;
  readonly digest: string;
}

/** A method of an extension that the configuration relays as it is. */
export interface RelayedMethod {
  readonly kind: 'method';
  readonly exposedName: string;
  readonly upstream: string;
  readonly name: string;
  readonly definition?: undefined;
  readonly digest?: undefined;
}
