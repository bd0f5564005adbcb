"""A call with Go and net/http."""

from __future__ import annotations

from specgw.portal.samples.call import FILE, Call, Content
from specgw.portal.samples.words import Word, address, expression, fields, needs, quoted

_CHECK = "if err != nil {\n\tpanic(err)\n}"


def go(call: Call) -> str:
    """The call as a program; secrets are read from the environment. Empty: net/http cannot do it, as with Digest."""
    if needs(call, "digest"):
        return ""
    imports = {"fmt", "io", "net/http"}
    where = _written(address(call))
    lines, body, kind = _content(call.content, imports) if call.content is not None else ([], "nil", "")
    lines += [f"request, err := http.NewRequest({quoted(call.method)}, {where}, {body})", _CHECK]
    told = [(name, _written(words)) for name, words in fields(call)]
    told += [("Content-Type", kind)] if kind else []
    lines += [f"request.Header.Set({quoted(name)}, {value})" for name, value in told]
    if needs(call, "basic"):
        lines.append('request.SetBasicAuth(os.Getenv("USERNAME"), os.Getenv("PASSWORD"))')
    client = "http.DefaultClient"
    if needs(call, "certificate"):
        imports.add("crypto/tls")
        lines += ['certificate, err := tls.LoadX509KeyPair(os.Getenv("CERTIFICATE"), os.Getenv("CERTIFICATE"))', _CHECK]
        lines.append("transport := &http.Transport{TLSClientConfig: &tls.Config{Certificates: []tls.Certificate{certificate}}}")
        client = "(&http.Client{Transport: transport})"
    lines += [f"response, err := {client}.Do(request)", _CHECK, "defer response.Body.Close()"]
    lines += ["answer, err := io.ReadAll(response.Body)", _CHECK, "fmt.Println(response.StatusCode)", "fmt.Println(string(answer))"]
    if any("os." in line for line in lines):
        imports.add("os")
    # The lines of a raw literal stay as they are: they are sent.
    inside = "\n".join("\t" + (text if "`" in text else text.replace("\n", "\n\t")) for text in lines)
    return "package main\n\nimport (\n" + "".join(f'\t"{name}"\n' for name in sorted(imports)) + f")\n\nfunc main() {{\n{inside}\n}}"


def _written(words: list[Word]) -> str:
    return expression(words, quoted, lambda name: f"os.Getenv({quoted(name)})")


def _content(content: Content, imports: set[str]) -> tuple[list[str], str, str]:
    """What has to be there before, the body, and its media type where it is only known then."""
    if content.media_type == "multipart/form-data":
        imports |= {"bytes", "mime/multipart"}
        lines = ["body := &bytes.Buffer{}", "form := multipart.NewWriter(body)"]
        for number, (name, text) in enumerate(content.parts):
            if text is None:
                opened, part = f"file{number}", f"part{number}"
                lines += [f'{opened}, err := os.Open("{FILE}")', _CHECK]
                lines += [f'{part}, err := form.CreateFormFile({quoted(name)}, "{FILE}")', _CHECK]
                lines += [f"if _, err := io.Copy({part}, {opened}); err != nil {{\n\tpanic(err)\n}}"]
            else:
                lines.append(f"if err := form.WriteField({quoted(name)}, {quoted(text)}); err != nil {{\n\tpanic(err)\n}}")
        return [*lines, "form.Close()"], "body", "form.FormDataContentType()"
    if content.text is None:
        return [f'body, err := os.Open("{FILE}")', _CHECK], "body", ""
    imports.add("strings")
    text = content.text
    # A raw literal shows JSON as it is; it cannot hold a backtick, and drops carriage returns.
    plain = "\n" in text and "`" not in text and all(each.isprintable() or each == "\n" for each in text) and "<" not in text
    return [f"body := strings.NewReader({f'`{text}`' if plain else quoted(text)})"], "body", ""
