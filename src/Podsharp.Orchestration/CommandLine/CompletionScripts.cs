namespace Podsharp.Orchestration.CommandLine;

/// <summary>Completion scripts. They ask the program (<c>podsharp __complete WORD...</c>), which answers a candidate a line, then a
/// line that begins with a colon: :0 nothing more, :1 files too, :2 directories too.</summary>
public static class CompletionScripts
{
    /// <summary>The script for a shell: bash, fish, powershell (or pwsh), zsh; null for any other.</summary>
    public static string? For(string shell) => shell.ToLowerInvariant() switch
    {
        "bash" => Bash,
        "fish" => Fish,
        "powershell" or "pwsh" => PowerShell,
        "zsh" => Zsh,
        _ => null,
    };

    private const string Bash = """
        # bash completion for podsharp: source it, or put it into /usr/share/bash-completion/completions/podsharp
        _podsharp() {
            local cur=${COMP_WORDS[COMP_CWORD]} answer directive
            # bash parts words at = and :, the program must see them whole.
            if declare -F _get_comp_words_by_ref >/dev/null; then
                local words cword
                _get_comp_words_by_ref -n =: cur words cword
            else
                local words=("${COMP_WORDS[@]}") cword=$COMP_CWORD
            fi
            answer=$("${words[0]}" __complete "${words[@]:1:cword}" 2>/dev/null) || return
            directive=${answer##*$'\n'}
            mapfile -t COMPREPLY < <(compgen -W "$(sed '$d' <<<"$answer" | cut -f1)" -- "$cur")
            case $directive in
                :1) compopt -o default; [[ ${#COMPREPLY[@]} -gt 0 ]] || mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;
                :2) compopt -o dirnames; [[ ${#COMPREPLY[@]} -gt 0 ]] || mapfile -t COMPREPLY < <(compgen -d -- "$cur") ;;
            esac
            declare -F __ltrim_colon_completions >/dev/null && __ltrim_colon_completions "$cur"
        }
        complete -F _podsharp podsharp

        """;

    private const string Zsh = """
        #compdef podsharp
        # zsh completion for podsharp: put it as _podsharp into a directory of $fpath
        _podsharp() {
            local -a lines candidates
            local line directive
            lines=("${(@f)$(${words[1]} __complete "${(@)words[2,CURRENT]}" 2>/dev/null)}")
            directive=${lines[-1]}
            for line in "${(@)lines[1,-2]}"; do
                candidates+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
            done
            (( ${#candidates} )) && _describe -V podsharp candidates
            case $directive in
                :1) _files ;;
                :2) _files -/ ;;
            esac
        }
        if [[ ${funcstack[1]} == _podsharp ]]; then _podsharp "$@"; else compdef _podsharp podsharp; fi

        """;

    private const string Fish = """
        # fish completion for podsharp: put it into ~/.config/fish/completions/podsharp.fish
        function __podsharp_complete
            set -l words (commandline -opc) (commandline -ct)
            set -l answer ($words[1] __complete $words[2..-1] 2>/dev/null)
            test (count $answer) -gt 0; or return
            for line in $answer[1..-2]
                echo $line
            end
            switch $answer[-1]
                case :1
                    __fish_complete_path (commandline -ct)
                case :2
                    __fish_complete_directories (commandline -ct)
            end
        end
        complete -c podsharp -f -a '(__podsharp_complete)'

        """;

    private const string PowerShell = """
        # PowerShell completion for the executable podsharp: dot-source it, for example from $PROFILE
        Register-ArgumentCompleter -Native -CommandName podsharp -ScriptBlock {
            param($wordToComplete, $commandAst, $cursorPosition)
            $words = @($commandAst.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.EndOffset -le $cursorPosition } | ForEach-Object { "$_" })
            if ($wordToComplete -eq '') { $words += '' }
            $program = "$($commandAst.CommandElements[0])"
            foreach ($line in & $program __complete @words 2>$null) {
                if ($line.StartsWith(':')) { break }
                $name, $text = $line -split "`t", 2
                if (-not $text) { $text = $name }
                [System.Management.Automation.CompletionResult]::new($name, $name, 'ParameterValue', $text)
            }
        }

        """;
}
