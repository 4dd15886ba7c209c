namespace RedNote.Live;

/// <summary>Writes the characters of a form one behind the other, and decides what becomes of signs and spaces between
/// them.</summary>
internal ref struct FoldWriter(Span<char> form)
{
    private readonly Span<char> _form = form;
    private FoldClass _last = FoldClass.Space;
    private bool _isApart;
    private char _sign;

    public int Length { get; private set; }

    /// <summary>Whether a space was written.</summary>
    public bool HasWords { get; private set; }

    /// <param name="kind">Not <see cref="FoldClass.Several"/>.</param>
    /// <param name="unit">The folded character, or its first half.</param>
    /// <param name="second">Its second half, or 0.</param>
    public void Add(FoldClass kind, char unit, char second)
    {
        switch (kind)
        {
            case FoldClass.Dropped:
                return;
            case FoldClass.Space:
                _isApart = true;
                return;
            case FoldClass.Sign:
                _isApart = true;
                _sign = _sign == '\0' ? unit : _sign;
                return;
        }

        if (Length + 3 > _form.Length)
        {
            return;
        }

        if (_isApart)
        {
            Separate(kind);
            _isApart = false;
            _sign = '\0';
        }

        _form[Length++] = unit;
        if (second != '\0')
        {
            _form[Length++] = second;
        }

        _last = kind;
    }

    /// <summary>Puts the mark of a voiced sound on the kana before.</summary>
    public void Voice(char mark)
    {
        if (Length > 0 && !_isApart && FoldTable.Voiced(_form[Length - 1], mark) is not '\0' and var voiced)
        {
            _form[Length - 1] = voiced;
        }
    }

    private void Separate(FoldClass next)
    {
        var afterWord = _last is FoldClass.Letter or FoldClass.Digit;
        if (next == FoldClass.Digit && _last == FoldClass.Digit && _sign != '\0')
        {
            // 1.5 is not 15, and 3:0 not 30.
            _form[Length++] = _sign;
        }
        else if (next == FoldClass.Digit && !afterWord && _sign is '+' or '-')
        {
            _form[Length++] = _sign;
        }
        else if (afterWord && next is FoldClass.Letter or FoldClass.Digit)
        {
            _form[Length++] = ' ';
            HasWords = true;
        }
    }
}
