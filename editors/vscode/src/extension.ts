// Starts `draftlint lsp` and adds what the protocol lacks: asking for a reason, showing a rule's page.

import * as vscode from "vscode";
import { LanguageClient, LanguageClientOptions, ServerOptions } from "vscode-languageclient/node";

let client: LanguageClient | undefined;

/** What the server sends along when a finding is to be allowed. */
interface Allowance {
  uri: string;
  rule: string;
  line: number;
  /** A disclosure: it needs a role that approves and a last day. */
  strict: boolean;
  roles: string[];
  reason?: string;
  approvedBy?: string;
  until?: string;
}

function settings(): vscode.WorkspaceConfiguration {
  return vscode.workspace.getConfiguration("draftlint");
}

function create(): LanguageClient {
  const server: ServerOptions = { command: settings().get("path", "draftlint"), args: ["lsp"] };
  const languages = ["markdown", "plaintext", "html"];
  const options: LanguageClientOptions = {
    documentSelector: languages.flatMap((language) => [
      { scheme: "file", language },
      { scheme: "untitled", language },
    ]),
    initializationOptions: { asksForReasons: true, showsPages: true },
    synchronize: { configurationSection: "draftlint" },
    middleware: {
      executeCommand: async (command, args, next) => {
        const result: unknown = await next(command, args);
        if (command === "draftlint.explain" && typeof result === "string") {
          await showPage(result);
        }
        return result;
      },
    },
  };
  return new LanguageClient("draftlint", "draftlint", server, options);
}

async function start(): Promise<void> {
  client = create();
  try {
    await client.start();
  } catch {
    const path = settings().get("path", "draftlint");
    const open = vscode.l10n.t("Open settings");
    const chosen = await vscode.window.showErrorMessage(vscode.l10n.t("draftlint: “{0}” cannot be started. Install it, or name it in the setting draftlint.path.", path), open);
    if (chosen === open) {
      await vscode.commands.executeCommand("workbench.action.openSettings", "draftlint.path");
    }
  }
}

async function stop(): Promise<void> {
  const running = client;
  client = undefined;
  if (running?.isRunning()) {
    await running.stop();
  }
}

/** Asks for what a suppression must say; the server writes it. */
async function allowWithReason(allowance: Allowance): Promise<void> {
  const title = vscode.l10n.t("Allow {0}", allowance.rule);
  const reason = await vscode.window.showInputBox({
    title,
    prompt: vscode.l10n.t("Why may it stay?"),
    validateInput: (text) => (text.trim() === "" ? vscode.l10n.t("A reason is needed.") : undefined),
  });
  if (reason === undefined) {
    return;
  }
  const filled: Allowance = { ...allowance, reason };
  if (allowance.strict) {
    filled.approvedBy = await vscode.window.showQuickPick(allowance.roles, { title, placeHolder: vscode.l10n.t("Who approved it?") });
    if (filled.approvedBy === undefined) {
      return;
    }
    filled.until = await vscode.window.showInputBox({
      title,
      prompt: vscode.l10n.t("Until which day? (YYYY-MM-DD)"),
      validateInput: (text) => (/^\d{4}-\d{2}-\d{2}$/.test(text) ? undefined : vscode.l10n.t("Write a day as YYYY-MM-DD.")),
    });
    if (filled.until === undefined) {
      return;
    }
  }
  await client?.sendRequest("workspace/executeCommand", { command: "draftlint.allow", arguments: [filled] });
}

/** Pages that were shown, by their address. */
const pages = new Map<string, string>();

async function showPage(page: string): Promise<void> {
  const rule = /\[([a-z-]+\/[a-z-]+)\]\(/.exec(page)?.[1] ?? "rule";
  const uri = vscode.Uri.from({ scheme: "draftlint", path: `/${rule}.md` });
  pages.set(uri.toString(), page);
  await vscode.commands.executeCommand("markdown.showPreviewToSide", uri);
}

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  context.subscriptions.push(
    vscode.workspace.registerTextDocumentContentProvider("draftlint", {
      provideTextDocumentContent: (uri) => pages.get(uri.toString()),
    }),
    vscode.commands.registerCommand("draftlint.allowWithReason", allowWithReason),
    vscode.commands.registerCommand("draftlint.restart", async () => {
      await stop();
      await start();
    }),
    vscode.workspace.onDidChangeConfiguration(async (event) => {
      if (event.affectsConfiguration("draftlint.path")) {
        await stop();
        await start();
      }
    }),
  );
  await start();
}

export async function deactivate(): Promise<void> {
  await stop();
}
