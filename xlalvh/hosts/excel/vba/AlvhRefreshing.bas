Option Explicit
Option Private Module

' Has quotes fetched in a process of their own, and writes them to the areas that a book names for them.
' Python's end is xlalvh.hosts.excel.refresh.

Private Const PYTHON_MODULE As String = "xlalvh.hosts.excel.refresh"
Private Const COUNTER As String = "refresh_count"
Private Const STATUS As String = "refresh_status"
Private Const BANNER As String = "refresh_banner"
Private Const WAITS As String = "not yet calculated" ' in the banner of a book that was refreshed while closed
Private Const PERIOD As String = "refresh_seconds"
Private Const EVERY As Double = 60 ' seconds, where a book does not say
Private Const SHORTEST As Double = 15 ' seconds
Private Const SHOWN As Double = 20 ' seconds that a result stays in the status bar
Private Const A_SECOND As Double = 1 / 86400 ' in days
Private Const LOOK As String = "AlvhLook"
Private Const GONE As String = "the Python process ended or did not start; run the Doctor if it happens again"

Private running As String ' the book that is refreshed now
Private automatic As String ' the book that is refreshed again and again
Private due As Double, shownUntil As Double, nextLook As Double
Private paused As Boolean
Private undoBook As String
Private undoNames As Variant
Private undoValues() As Variant

' Start a refresh of a book, unless one runs.
Public Sub AlvhRefreshBook(ByVal book As Object)
    Dim answer As Variant
    If Len(running) > 0 Then Exit Sub
    If AlvhArea(book, COUNTER) Is Nothing Then
        AlvhSay "this book has no place for quotes; open one with New workbook"
        Exit Sub
    End If
    If Not AlvhRuns() Then AlvhConnect
    answer = AlvhAsk(PYTHON_MODULE, "start", Array())
    running = book.Name
    If IsError(answer) Then
        Finish GONE
    Else
        AlvhEscape "AlvhCancel"
        AlvhSay answer & " (Esc cancels)"
    End If
End Sub

' Refresh a book again and again from now on, or stop.
Public Sub AlvhSwitchAutoRefresh(ByVal book As Object)
    If Len(automatic) > 0 Then
        automatic = ""
        AlvhSay "auto-refresh is off"
    ElseIf AlvhArea(book, COUNTER) Is Nothing Then
        AlvhSay "this book has no place for quotes; open one with New workbook"
    Else
        automatic = book.Name
        AlvhRefreshBook book
    End If
End Sub

' Give up the refresh that runs.
Public Sub AlvhCancelRefresh()
    Dim answer As Variant
    If Len(running) = 0 Then Exit Sub
    answer = AlvhAsk(PYTHON_MODULE, "cancel", Array())
    Finish "cancelled"
End Sub

' What is to be done now: ask how the refresh goes, start the one that is due, clear the status bar.
Public Sub AlvhLookAtRefresh()
    nextLook = 0
    On Error GoTo failed
    If Len(running) > 0 Then
        AskHowItGoes
    ElseIf Len(automatic) > 0 And Now >= due Then
        If BookOf(automatic) Is Nothing Then
            automatic = ""
        Else
            AlvhRefreshBook BookOf(automatic)
        End If
    End If
    If Len(running) = 0 And shownUntil > 0 And Now >= shownUntil Then
        shownUntil = 0
        Application.StatusBar = False
    End If
    LookAgain
    Exit Sub
failed:
    Finish Err.Description
End Sub

' Put the values back that the last refresh replaced.
Public Sub AlvhUndoRefresh()
    Dim book As Object, areas() As Variant, i As Long, failure As String
    If Len(undoBook) = 0 Then
        AlvhSay "there is nothing to undo"
        Exit Sub
    End If
    Set book = BookOf(undoBook)
    If book Is Nothing Then
        AlvhSay "nothing is undone: " & undoBook & " is not open"
        Exit Sub
    End If
    ReDim areas(0 To UBound(undoNames))
    For i = 0 To UBound(undoNames)
        Set areas(i) = AlvhArea(book, undoNames(i))
        If areas(i) Is Nothing Then failure = "the area " & undoNames(i) & " is gone"
    Next i
    If Len(failure) = 0 Then failure = AlvhWrite(areas, undoValues)
    If Len(failure) > 0 Then
        AlvhSay "nothing is undone: " & failure
    Else
        undoBook = ""
        AlvhSay "the quotes before the last refresh are back"
    End If
End Sub

' Stop the clock, for a book that may close: a macro that is due would open it again.
Public Sub AlvhPauseClock()
    AlvhUnschedule
    paused = nextLook > 0
    If paused Then AlvhAt nextLook, LOOK, False
    nextLook = 0
End Sub

' The book did not close.
Public Sub AlvhResumeClock()
    If Not paused Then Exit Sub
    paused = False
    LookAgain
End Sub

' Whether a book shows other numbers than those of its quotes: it was refreshed while closed, and not calculated since.
Public Function AlvhWaits(ByVal book As Object) As Boolean
    Dim cell As Object
    Set cell = AlvhArea(book, BANNER)
    If Not cell Is Nothing Then AlvhWaits = InStr(CStr(cell.Value2), WAITS) > 0
End Function

' Say something in the status bar for a while.
Public Sub AlvhSay(ByVal text As String)
    Application.StatusBar = "xlalvh: " & text
    shownUntil = Now + SHOWN * A_SECOND
    LookAgain
End Sub

Private Sub AskHowItGoes()
    Dim answer As Variant, first As Long
    If BookOf(running) Is Nothing Then
        answer = AlvhAsk(PYTHON_MODULE, "cancel", Array())
        Finish "the book was closed"
        Exit Sub
    End If
    answer = AlvhAsk(PYTHON_MODULE, "look", Array()) ' whether it is over, how it goes, why it failed
    If IsError(answer) Then
        Finish GONE
        Exit Sub
    End If
    first = LBound(answer)
    If Not answer(first) Then
        AlvhSay answer(first + 1) & " (Esc cancels)"
    ElseIf Len(answer(first + 2)) > 0 Then
        Finish answer(first + 2)
    Else
        Finish WriteBlock(BookOf(running))
    End If
End Sub

' Write what was fetched to the areas of a book. Empty, or why nothing was written.
Private Function WriteBlock(ByVal book As Object) As String
    Dim found As Variant, names As Variant, areas() As Variant, values() As Variant, before() As Variant
    Dim i As Long, last As Long
    found = AlvhAsk(PYTHON_MODULE, "names", Array())
    If IsError(found) Then
        WriteBlock = GONE
        Exit Function
    End If
    names = Split(found & vbLf & COUNTER, vbLf)
    last = UBound(names)
    ReDim areas(0 To last)
    ReDim values(0 To last)
    ReDim before(0 To last)
    For i = 0 To last
        Set areas(i) = AlvhArea(book, names(i))
        If areas(i) Is Nothing Then
            WriteBlock = "the book has no area " & names(i) & "; it is of another version of xlalvh"
            Exit Function
        End If
        before(i) = AlvhRows(areas(i))
        If i < last Then
            found = AlvhAsk(PYTHON_MODULE, "area", Array(names(i), AlvhCountsFrom1904(book)))
            If IsError(found) Then
                WriteBlock = GONE
                Exit Function
            End If
            values(i) = Shaped(found, areas(i))
            If Not IsArray(values(i)) Then
                WriteBlock = "the area " & names(i) & " has another size; the book is of another version of xlalvh"
                Exit Function
            End If
        End If
    Next i
    values(last) = AlvhOneCell(Val(areas(last).Value2) + 1)
    WriteBlock = AlvhWrite(areas, values)
    If Len(WriteBlock) > 0 Then Exit Function
    undoBook = book.Name
    undoNames = names
    undoValues = before
    AlvhOfferUndo "Undo refresh of quotes", "AlvhUndo"
End Function

' An answer as rows and columns from 1, if it fills the area; one row comes flat, one cell bare.
Private Function Shaped(ByVal answer As Variant, ByVal area As Object) As Variant
    Dim result() As Variant, r As Long, c As Long, rows As Long, columns As Long
    rows = area.Rows.Count
    columns = area.Columns.Count
    ReDim result(1 To rows, 1 To columns)
    On Error GoTo other
    If rows = 1 And columns = 1 Then
        If IsArray(answer) Then Exit Function
        result(1, 1) = answer
    ElseIf rows = 1 Then
        If UBound(answer) - LBound(answer) + 1 <> columns Then Exit Function
        For c = 1 To columns
            result(1, c) = answer(LBound(answer) + c - 1)
        Next c
    Else
        If UBound(answer, 1) - LBound(answer, 1) + 1 <> rows Then Exit Function
        If UBound(answer, 2) - LBound(answer, 2) + 1 <> columns Then Exit Function
        For r = 1 To rows
            For c = 1 To columns
                result(r, c) = answer(LBound(answer, 1) + r - 1, LBound(answer, 2) + c - 1)
            Next c
        Next r
    End If
    Shaped = result
other:
End Function

' The refresh is over: say so, in the book too where it failed. Then the quotes are as they were.
Private Sub Finish(ByVal failure As String)
    Dim book As Object, text As String
    Set book = BookOf(running)
    running = ""
    AlvhEscape ""
    text = "quotes refreshed"
    If Len(failure) > 0 Then
        text = "quotes not refreshed, the old ones stay: " & failure
        If Not book Is Nothing Then SayInBook book, failure
    ElseIf AlvhIsManual() Then
        text = text & "; calculation is manual: press F9"
    End If
    If Len(automatic) > 0 Then
        due = Now + Seconds(book) * A_SECOND
        text = text & "; again every " & Seconds(book) & " seconds"
    End If
    AlvhSay text
End Sub

' Write to a book why and when its refresh failed; without Python only why.
Private Sub SayInBook(ByVal book As Object, ByVal failure As String)
    Dim told As Variant, areas() As Variant, values() As Variant, i As Long, count As Long
    told = AlvhAsk(PYTHON_MODULE, "failed", Array(failure, AlvhCountsFrom1904(book))) ' name, value, name, value
    If IsError(told) Then told = Array(STATUS, "last refresh failed: " & failure)
    For i = LBound(told) To UBound(told) - 1 Step 2
        If Not AlvhArea(book, told(i)) Is Nothing Then
            ReDim Preserve areas(0 To count)
            ReDim Preserve values(0 To count)
            Set areas(count) = AlvhArea(book, told(i))
            values(count) = AlvhOneCell(told(i + 1))
            count = count + 1
        End If
    Next i
    If count > 0 Then failure = AlvhWrite(areas, values)
End Sub

' Have the clock call in a second, while there is something to look at.
Private Sub LookAgain()
    If nextLook > 0 Or paused Then Exit Sub
    If Len(running) = 0 And Len(automatic) = 0 And shownUntil = 0 Then Exit Sub
    nextLook = Now + A_SECOND
    AlvhAt nextLook, LOOK, True
End Sub

' Seconds between two refreshes of a book.
Private Function Seconds(ByVal book As Object) As Double
    Seconds = EVERY
    If book Is Nothing Then Exit Function
    If AlvhArea(book, PERIOD) Is Nothing Then Exit Function
    If IsNumeric(AlvhArea(book, PERIOD).Value2) Then Seconds = Val(AlvhArea(book, PERIOD).Value2)
    If Seconds < SHORTEST Then Seconds = SHORTEST
End Function

Private Function BookOf(ByVal name As String) As Object
    Dim book As Object
    For Each book In Application.Workbooks
        If book.Name = name Then Set BookOf = book
    Next book
End Function
