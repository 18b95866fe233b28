import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where the demo keeps everything, below the current folder. */
export interface DemoFolder {
  readonly root: string;
  readonly files: string;
  readonly config: string;
}

/** The scripts of the two servers that the demo governs. */
export interface DemoServers {
  readonly everything: string;
  readonly filesystem: string;
}

const samples: Readonly<Record<string, string>> = {
  'welcome.md':
    '# Welcome\n\nAn agent reads this file through the gateway. The call is in the audit trail.\n',
  'notes/today.md': '- try the denied call\n- look at the audit trail\n',
  'private/salaries.csv': 'name,salary\nAda,1815\n',
};

/** Writes the sample files and the configuration that the demo runs on, which people are invited to read. */
export async function writeDemo(folder: string, port: number, servers: DemoServers): Promise<DemoFolder> {
  const root = join(folder, '.sallyport', 'demo');
  const demo = { root, files: join(root, 'files'), config: join(root, 'sallyport.config.yaml') };
  for (const [name, text] of Object.entries(samples)) {
    const path = join(demo.files, name);
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, text);
  }
  await writeFile(demo.config, configText(port, servers, demo.files));
  return demo;
}

function configText(port: number, servers: DemoServers, files: string): string {
  const quoted = (text: string) => JSON.stringify(text);
  return `# What "sallyport demo" runs on. It is written anew at each start; changes count at once until then.
version: 1
listen: { port: ${port} }
dataDir: .
log: { level: warn }

# Over REST, servers on this machine may be put behind the gateway too.
apiLayer: { plainHttp: true, addresses: ['127.0.0.1'] }

upstreams:
  everything:
    command: ${quoted(process.execPath)}
    args: [${quoted(servers.everything)}]
  files:
    command: ${quoted(process.execPath)}
    args: [${quoted(servers.filesystem)}, ${quoted(files)}]

policy:
  default: deny
  rules:
    - id: demo-tools
      match: { upstreams: [everything] }
      effect: allow

    - id: read-files
      match: { upstreams: [files], tools: ["read_*", "list_*", "directory_tree", "search_files", "get_file_info"] }
      effect: allow

    # A condition on an argument: deny beats allow, whatever the order.
    - id: private-stays-private
      match:
        upstreams: [files]
        tools: [read_file, read_text_file, read_media_file, "list_directory*", directory_tree, search_files, get_file_info]
      when: args.path.contains("private")
      effect: deny
      reason: The private folder is not for agents.

    - id: private-stays-private-in-lists
      match: { upstreams: [files], tools: [read_multiple_files] }
      when: args.paths.exists(path, path.contains("private"))
      effect: deny
      reason: The private folder is not for agents.

    - id: no-writing
      match: { upstreams: [files], tools: [write_file, edit_file, move_file, create_directory] }
      effect: deny
      reason: This agent may read files, not change them.

    # Hidden tools are not listed, and answer like tools that do not exist. The trail knows the truth.
    - id: no-environment
      match: { tools: [get-env] }
      effect: hide
`;
}
