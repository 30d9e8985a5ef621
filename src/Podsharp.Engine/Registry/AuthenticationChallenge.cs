namespace Podsharp.Engine.Registry;

/// <summary>A challenge of a <c>WWW-Authenticate</c> header (RFC 9110, section 11.6.1).</summary>
/// <param name="Scheme">Scheme in lower case: <c>bearer</c>, <c>basic</c>.</param>
/// <param name="Parameters">Parameters, their names in lower case.</param>
internal sealed record AuthenticationChallenge(string Scheme, IReadOnlyDictionary<string, string> Parameters)
{
    /// <summary>A parameter's value, or null.</summary>
    internal string? this[string name] => Parameters.GetValueOrDefault(name);

    /// <summary>Reads all challenges of all header lines. One line may hold several, and quoted values may hold commas; what can't
    /// be understood is left out.</summary>
    internal static IReadOnlyList<AuthenticationChallenge> Parse(IEnumerable<string> headers)
    {
        var found = new List<AuthenticationChallenge>();
        foreach (var header in headers)
        {
            ParseLine(header, found);
        }
        return found;
    }

    private static void ParseLine(string header, List<AuthenticationChallenge> found)
    {
        var reader = new HeaderReader(header);
        Dictionary<string, string>? parameters = null;
        while (reader.SkipSeparators())
        {
            var word = reader.Token();
            if (word.Length == 0)
            {
                return;
            }
            if (reader.TakeEquals())
            {
                // A parameter belongs to the scheme before it.
                parameters?.TryAdd(word.ToLowerInvariant(), reader.Value());
            }
            else
            {
                parameters = new Dictionary<string, string>(StringComparer.Ordinal);
                found.Add(new AuthenticationChallenge(word.ToLowerInvariant(), parameters));
            }
        }
    }

    /// <summary>Tokens and quoted strings of a header.</summary>
    private ref struct HeaderReader(string text)
    {
        private readonly ReadOnlySpan<char> _text = text;
        private int _position;

        internal bool SkipSeparators()
        {
            while (_position < _text.Length && _text[_position] is ' ' or '\t' or ',')
            {
                _position++;
            }
            return _position < _text.Length;
        }

        internal string Token()
        {
            var start = _position;
            while (_position < _text.Length && _text[_position] is not (' ' or '\t' or ',' or '=' or '"'))
            {
                _position++;
            }
            return _text[start.._position].ToString();
        }

        internal bool TakeEquals()
        {
            var probe = _position;
            while (probe < _text.Length && _text[probe] is ' ' or '\t')
            {
                probe++;
            }
            if (probe >= _text.Length || _text[probe] != '=')
            {
                return false;
            }
            _position = probe + 1;
            return true;
        }

        internal string Value()
        {
            while (_position < _text.Length && _text[_position] is ' ' or '\t')
            {
                _position++;
            }
            return _position < _text.Length && _text[_position] == '"' ? Quoted() : Token();
        }

        private string Quoted()
        {
            var value = new System.Text.StringBuilder();
            for (_position++; _position < _text.Length && _text[_position] != '"'; _position++)
            {
                if (_text[_position] == '\\' && _position + 1 < _text.Length)
                {
                    _position++;
                }
                value.Append(_text[_position]);
            }
            _position++;
            return value.ToString();
        }
    }
}
