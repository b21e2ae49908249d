import { network } from "../bed.ts";
import type { Pair } from "./certificate.ts";

const base64 = (text: string): string => Buffer.from(text).toString("base64");

/**
 * A kubeconfig that needs no other file.
 *
 * @param context the bed's name; the user is named beside it
 */
export const kubeconfigText = (context: string, user: string, authority: string, credentials: Pair | { readonly token: string }): string => `apiVersion: v1
kind: Config
clusters:
  - name: ${context}
    cluster:
      server: https://${network.api}:${network.apiPort}
      certificate-authority-data: ${base64(authority)}
users:
  - name: ${user}
    user:
${"token" in credentials
    ? `      token: ${credentials.token}\n`
    : `      client-certificate-data: ${base64(credentials.certificate)}\n      client-key-data: ${base64(credentials.key)}\n`}contexts:
  - name: ${context}
    context: { cluster: ${context}, user: ${user} }
current-context: ${context}
`;
