/** Stands where the id of an upstream does, for tools that the gateway answers itself. No upstream may be called so. */
export const ownUpstream = 'sallyport';
