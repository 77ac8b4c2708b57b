Option Explicit
Option Private Module

' Changes cells: all or none, with the sheets' protection and the user's settings as before.

Private Const MANUAL As Long = -4135

Private screen As Boolean, events As Boolean, calculation As Long

' Write each list of rows to the area with the same number. Empty, or why nothing was written.
Public Function AlvhWrite(ByVal areas As Variant, ByVal values As Variant) As String
    Dim before() As Variant, i As Long, written As Long, locked As Variant
    ReDim before(0 To UBound(areas))
    For i = 0 To UBound(areas)
        before(i) = AlvhRows(areas(i))
    Next i
    AlvhQuiet True
    written = -1
    On Error GoTo failed
    For i = 0 To UBound(areas)
        locked = AlvhUnlock(areas(i).Worksheet)
        written = i
        Fill areas(i), values(i)
        AlvhLock areas(i).Worksheet, locked
    Next i
    AlvhQuiet False
    Exit Function
failed:
    AlvhWrite = Err.Description
    Resume back
back:
    On Error Resume Next
    For i = 0 To written
        If Not IsArray(locked) Then locked = AlvhUnlock(areas(i).Worksheet)
        Fill areas(i), before(i)
        AlvhLock areas(i).Worksheet, locked
        locked = Empty
    Next i
    AlvhQuiet False
End Function

' The values of an area, as rows even for one cell.
Public Function AlvhRows(ByVal area As Object) As Variant
    Dim one(1 To 1, 1 To 1) As Variant
    If area.Rows.Count = 1 And area.Columns.Count = 1 Then
        one(1, 1) = area.Value2
        AlvhRows = one
    Else
        AlvhRows = area.Value2
    End If
End Function

' Keep screen, events and calculation still, or have them as they were.
Public Sub AlvhQuiet(ByVal wanted As Boolean)
    If wanted Then
        screen = Application.ScreenUpdating
        events = Application.EnableEvents
        calculation = Application.Calculation
        Application.ScreenUpdating = False
        Application.EnableEvents = False
        Application.Calculation = MANUAL
    Else
        Application.Calculation = calculation
        Application.EnableEvents = events
        Application.ScreenUpdating = screen
    End If
End Sub

' Whether the user has to ask for calculation.
Public Function AlvhIsManual() As Boolean
    AlvhIsManual = (Application.Calculation = MANUAL)
End Function

' Rows into cells: a blank empties its cell, a text stays a text.
Private Sub Fill(ByVal area As Object, ByVal rows As Variant)
    Dim r As Long, c As Long
    For r = LBound(rows, 1) To UBound(rows, 1)
        For c = LBound(rows, 2) To UBound(rows, 2)
            If VarType(rows(r, c)) = vbString Then
                If Len(rows(r, c)) = 0 Then
                    rows(r, c) = Empty
                Else
                    rows(r, c) = AlvhText(rows(r, c))
                End If
            End If
        Next c
    Next r
    area.ClearContents
    area.Value2 = rows
End Sub

' The area that a book's name stands for; Nothing where there is none.
Public Function AlvhArea(ByVal book As Object, ByVal name As String) As Object
    On Error GoTo none
    If book Is Nothing Then Exit Function
    Set AlvhArea = book.Names(name).RefersToRange
none:
End Function

' A value as the rows of one cell.
Public Function AlvhOneCell(ByVal value As Variant) As Variant
    Dim one(1 To 1, 1 To 1) As Variant
    one(1, 1) = value
    AlvhOneCell = one
End Function
