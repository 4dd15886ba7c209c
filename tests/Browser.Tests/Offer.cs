namespace RedNote.Browser.Tests;

/// <summary>A deal as a host fills in its form.</summary>
/// <param name="Title">What is sold.</param>
/// <param name="Stock">Pieces.</param>
/// <param name="PerBuyer">Pieces that one buyer can have.</param>
/// <param name="Price">Of a piece, in yuan.</param>
/// <param name="ListPrice">What it costs otherwise; empty: nothing is said about that.</param>
/// <param name="When">now, later or prepared.</param>
/// <param name="At">When it begins, for later.</param>
/// <param name="Phrase">A pass-phrase that buyers have to send; null: anybody may buy.</param>
internal sealed record Offer(
    string Title,
    int Stock = 5,
    int PerBuyer = 1,
    string Price = "19.90",
    string ListPrice = "39",
    string When = "now",
    DateTime? At = null,
    string? Phrase = null);
