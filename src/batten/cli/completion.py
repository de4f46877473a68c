"""`batten completion`: the script that teaches a shell our names."""

from __future__ import annotations

import click

from batten.cli import terminal

_WHERE = """\b
bash  batten completion bash >> ~/.bashrc
zsh   batten completion zsh >> ~/.zshrc
fish  batten completion fish > ~/.config/fish/completions/batten.fish"""


@click.command(epilog=_WHERE)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the completion script for SHELL."""
    from click.shell_completion import ShellComplete, get_completion_class  # noqa: PLC0415 - only this needs it

    root = context.find_root()
    found = get_completion_class(shell)
    if found is None:
        raise click.UsageError(f"click knows no {shell}", context)
    # Not the class's own `source`: bash's starts a bash to ask for its version (click 8.1 BashComplete).
    script = ShellComplete.source(found(root.command, {}, "batten", "_BATTEN_COMPLETE"))
    terminal.out(script + "\n")
