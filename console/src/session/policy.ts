import { ref, shallowRef } from "vue";
import { api, take, type Schema } from "@/api/client";
import { Problem } from "@/api/problem";

/** What a password has to be like: told by the server, checked there, hinted at here. */

const CLASSES = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/];

export function usePasswordPolicy() {
  const policy = shallowRef<Schema<"PasswordPolicyView"> | null>(null);
  const hint = ref("");

  async function read(): Promise<void> {
    try {
      const found = await take(api.GET("/api/v1/staff/password-policy"));
      policy.value = found;
      hint.value = `至少 ${found.min_length} 个字符，大写字母、小写字母、数字、符号中至少 ${found.classes} 种。`;
    } catch (error) {
      // The hint is a help; the server checks the password all the same.
      if (!(error instanceof Problem)) throw error;
    }
  }
  void read();

  function complaint(password: string): string | false {
    if (!password) return "请输入新密码。";
    const wanted = policy.value;
    if (!wanted) return false;
    const mixed = CLASSES.filter((each) => each.test(password)).length;
    return (password.length < wanted.min_length || mixed < wanted.classes) && hint.value;
  }

  return { hint, complaint };
}
