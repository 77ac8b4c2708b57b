Option Explicit
Option Private Module

' Hands what the sheet Paper shows to the ledger of paper trades, and has the ledger marked.
' Python's end is xlalvh.hosts.excel.paper.

Private Const PYTHON_MODULE As String = "xlalvh.hosts.excel.paper"
Private Const LEGS As String = "paper_order"
Private Const ABOUT As String = "paper_about"
Private Const COUNTER_NAME As String = "refresh_count"

' Book the condor and the ladder of a book. Empty, or why nothing was booked.
Public Function AlvhBookPaper(ByVal book As Object) As String
    If AlvhArea(book, LEGS) Is Nothing Or AlvhArea(book, ABOUT) Is Nothing Then
        AlvhBookPaper = "This book has no sheet Paper. Open one with New workbook, or bring it up with xlalvh upgrade."
        Exit Function
    End If
    If Not AlvhRuns() Then AlvhConnect
    AlvhBookPaper = Entered(book, AlvhAsk(PYTHON_MODULE, "book", Array(AlvhRows(AlvhArea(book, LEGS)), _
        AlvhRows(AlvhArea(book, ABOUT)), AlvhCountsFrom1904(book))))
End Function

' Mark the open paper trades at the stored quotes. Empty, or why nothing was marked.
Public Function AlvhMarkPaper(ByVal book As Object) As String
    If Not AlvhRuns() Then AlvhConnect
    AlvhMarkPaper = Entered(book, AlvhAsk(PYTHON_MODULE, "mark", Array()))
End Function

' Say what was done, and let the formulas that read the ledger follow. The answer is whether it was done, and the words.
Private Function Entered(ByVal book As Object, ByVal answer As Variant) As String
    Dim counter As Object
    If IsError(answer) Then
        Entered = "Python did not answer: look at the sheet Paper whether it was done, and run the Doctor."
        Exit Function
    End If
    If Not answer(LBound(answer)) Then
        Entered = answer(LBound(answer) + 1)
        Exit Function
    End If
    Set counter = AlvhArea(book, COUNTER_NAME)
    If Not counter Is Nothing Then Entered = AlvhWrite(Array(counter), Array(AlvhOneCell(Val(counter.Value2) + 1)))
    AlvhSay answer(LBound(answer) + 1)
End Function
