import { z } from 'zod';

export const proxyCallSchema = z
  .strictObject({
    tool: z.string().min(1).max(256).describe('its name, or upstream.name'),
    arguments: z.record(z.string(), z.unknown()).optional(),
    session_id: z
      .string()
      .max(128)
      .optional()
      .describe('token of the session; or send it in Sallyport-Session'),
  })
  .meta({ id: 'ProxyCall', description: 'A call of a tool.' });

export const toolResultSchema = z
  .looseObject({
    content: z.array(z.looseObject({ type: z.string() })).optional(),
    isError: z.boolean().optional().describe("true: the tool's own error"),
  })
  .meta({ id: 'ToolResult', description: 'What the tool answered, as MCP has it.' });

export const proxyToolsSchema = z
  .strictObject({
    count: z.int(),
    tools: z.array(
      z.strictObject({
        name: z.string(),
        description: z.string(),
        upstream: z.string(),
        inputSchema: z.looseObject({}),
        annotations: z.looseObject({}),
      }),
    ),
  })
  .meta({ id: 'ProxyTools', description: 'The tools of all upstreams that the caller may use.' });
