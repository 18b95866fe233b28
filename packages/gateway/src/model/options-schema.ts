/** What a schema library has to offer; a zod schema does. */
export interface OptionsSchema<Options> {
  safeParse(value: unknown): { success: true; data: Options } | { success: false; error: OptionsError };
}

interface OptionsError {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}
